namespace Sallyport.Server.Security;

internal enum KeyPurpose
{
    /// <summary>AES-256: secrets at rest.</summary>
    Seal,

    /// <summary>HMAC-SHA256: hashes of secrets that somebody else may have chosen.</summary>
    Digest,

    /// <summary>HMAC-SHA256: tokens that only Sallyport reads.</summary>
    Transaction,

    /// <summary>RSA: tokens that others verify through the published key set.</summary>
    Signing,
}

internal enum KeyStatus
{
    /// <summary>In use for new work.</summary>
    Current,

    /// <summary>Published ahead of its use, so that everybody has fetched it by then.</summary>
    Next,

    /// <summary>Still good for what it sealed or signed.</summary>
    Previous,

    /// <summary>No longer good for anything.</summary>
    Revoked,
}

/// <summary>One key of the ring, opened.</summary>
internal sealed class Key(string id, KeyPurpose purpose, KeyStatus status, byte[] material, DateTimeOffset createdAt)
{
    public string Id { get; } = id;

    public KeyPurpose Purpose { get; } = purpose;

    public KeyStatus Status { get; } = status;

    public byte[] Material { get; } = material;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public override string ToString() => $"{Purpose} key {Id}: ***";
}
