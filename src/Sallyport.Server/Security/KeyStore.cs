using System.Data.Common;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Security;

/// <summary>Table <c>key</c>. The key material is sealed with the master key.</summary>
internal static class KeyStore
{
    private const string Columns = "key_id, purpose, status, sealed_material, certificate, created_at";

    public static ValueTask<List<SealedKey>> ListAsync(Session session, TenantId tenant, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement(
                $"SELECT {Columns} FROM key WHERE tenant_id = @tenant_id ORDER BY created_at, key_id", ("tenant_id", tenant.Value)),
            Read,
            cancellationToken);

    public static Statement Insert(TenantId tenant, SealedKey key) =>
        new($"""
            INSERT INTO key (tenant_id, {Columns})
            VALUES (@tenant_id, @key_id, @purpose, @status, @sealed_material, @certificate, @created_at)
            """,
            ("tenant_id", tenant.Value),
            ("key_id", key.Id),
            ("purpose", Name(key.Purpose)),
            ("status", Name(key.Status)),
            ("sealed_material", key.Material),
            ("certificate", key.Certificate),
            ("created_at", key.CreatedAt.ToUnixTimeMilliseconds()));

    public static Statement Move(TenantId tenant, string keyId, KeyStatus from, KeyStatus to) =>
        new("UPDATE key SET status = @to_status WHERE tenant_id = @tenant_id AND key_id = @key_id AND status = @from_status",
            ("tenant_id", tenant.Value),
            ("key_id", keyId),
            ("from_status", Name(from)),
            ("to_status", Name(to)));

    private static SealedKey Read(DbDataReader row) => new(
        row.GetString(0),
        Enum.Parse<KeyPurpose>(row.GetString(1), ignoreCase: true),
        Enum.Parse<KeyStatus>(row.GetString(2), ignoreCase: true),
        row.GetBytes(3),
        row.GetBytesOrNull(4),
        row.GetInstant(5));

    private static string Name<TEnum>(TEnum value)
        where TEnum : struct, Enum =>
        value.ToString().ToLowerInvariant();
}

/// <summary>A key as it is stored.</summary>
internal sealed record SealedKey(
    string Id, KeyPurpose Purpose, KeyStatus Status, byte[] Material, byte[]? Certificate, DateTimeOffset CreatedAt);
