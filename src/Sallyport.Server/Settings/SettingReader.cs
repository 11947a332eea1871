using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Settings;

/// <summary>Reads settings, and seals and opens their secrets.</summary>
internal sealed class SettingReader(ColumnCipher cipher)
{
    /// <returns>Null where nobody has set it.</returns>
    public async ValueTask<SettingValue?> FindAsync(Session session, TenantId tenant, SettingKind kind, CancellationToken cancellationToken) =>
        await SettingStore.FindAsync(session, tenant, kind.Name, cancellationToken) is { } row ? Open(tenant, kind, row) : null;

    public SettingValue? Open(TenantId tenant, SettingKind kind, SettingRow row) =>
        row.Value is null
            ? null
            : new SettingValue(JsonNode.Parse(row.Value)!, row.SealedSecrets is null ? SettingValue.NoSecrets : OpenSecrets(tenant, kind, row.SealedSecrets));

    public SettingRow Seal(TenantId tenant, SettingKind kind, SettingValue value) =>
        new(
            value.Shown.ToJsonString(),
            value.Secrets.Count == 0 ? null : cipher.Seal(JsonSerializer.SerializeToUtf8Bytes(value.Secrets, SettingJson.Default.IReadOnlyDictionaryStringString), Place(tenant, kind)));

    private Dictionary<string, string> OpenSecrets(TenantId tenant, SettingKind kind, byte[] sealedSecrets) =>
        JsonSerializer.Deserialize(cipher.Open(sealedSecrets, Place(tenant, kind)), SettingJson.Default.DictionaryStringString)!;

    private static AssociatedData Place(TenantId tenant, SettingKind kind) => new(tenant, "setting", "sealed_secrets", kind.Name);
}

[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyDictionary<string, string>))]
internal sealed partial class SettingJson : JsonSerializerContext;
