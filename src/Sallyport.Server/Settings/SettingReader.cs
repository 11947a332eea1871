using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Settings;

/// <summary>Reads settings, and encrypts and decrypts their secrets.</summary>
internal sealed class SettingReader(ColumnCipher cipher)
{
    /// <returns>Null if it was never set.</returns>
    public async ValueTask<SettingValue?> FindAsync(Session session, TenantId tenant, SettingKind kind, CancellationToken cancellationToken) =>
        await SettingStore.FindAsync(session, tenant, kind.Name, cancellationToken) is { } row ? Open(tenant, kind, row) : null;

    /// <returns>Null if it was never set.</returns>
    public SettingValue? Open(TenantId tenant, SettingKind kind, SettingRow row) =>
        row.Value is null
            ? null
            : new SettingValue(
                JsonNode.Parse(row.Value)!,
                row.SealedSecrets is null ? SettingValue.NoSecrets : OpenSecrets(tenant, kind, row.SealedSecrets));

    public SettingRow Seal(TenantId tenant, SettingKind kind, SettingValue value) =>
        new(value.Json.ToJsonString(), value.Secrets.Count == 0 ? null : SealSecrets(tenant, kind, value.Secrets));

    private byte[] SealSecrets(TenantId tenant, SettingKind kind, IReadOnlyDictionary<string, string> secrets) =>
        cipher.Seal(
            JsonSerializer.SerializeToUtf8Bytes(secrets, SettingJson.Default.IReadOnlyDictionaryStringString), AssociatedDataOf(tenant, kind));

    private Dictionary<string, string> OpenSecrets(TenantId tenant, SettingKind kind, byte[] sealedSecrets) =>
        JsonSerializer.Deserialize(
            cipher.Open(sealedSecrets, AssociatedDataOf(tenant, kind)), SettingJson.Default.DictionaryStringString)!;

    private static AssociatedData AssociatedDataOf(TenantId tenant, SettingKind kind) => new(tenant, "setting", "sealed_secrets", kind.Name);
}

[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class SettingJson : JsonSerializerContext;
