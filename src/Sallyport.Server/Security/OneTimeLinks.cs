using Sallyport.Server.Storage;

namespace Sallyport.Server.Security;

/// <summary>
/// One kind of links that work once, such as tickets and e-mail verifications. A row of <paramref name="Table"/> holds the hash of
/// the id, <c>expires_at</c> and <c>used_at</c>; the id itself is only in the link.
/// </summary>
/// <param name="Table">Also part of what is hashed, so that an id of one kind is never taken for one of another.</param>
internal sealed record OneTimeLinks(string Table, string HashColumn)
{
    public byte[] Hash(SecretHash hash, LinkId id) => hash.Link(Table, id.Value);

    /// <summary>Changes one row for the first caller before the link expires, and none for every other.</summary>
    public Statement Spend(TenantId tenant, byte[] hash, DateTimeOffset now) =>
        new($"""
            UPDATE {Table} SET used_at = @now
            WHERE tenant_id = @tenant_id AND {HashColumn} = @hash AND used_at IS NULL AND expires_at > @now
            """,
            ("tenant_id", tenant.Value),
            ("hash", hash),
            ("now", now.ToUnixTimeMilliseconds()));

    /// <summary>Deletes links that expired more than <paramref name="age"/> ago.</summary>
    public RetentionRule Retention(TimeSpan age) => new(Table, HashColumn, "expires_at < @before", age);

    public static LinkState StateAt(DateTimeOffset now, DateTimeOffset expiresAt, DateTimeOffset? usedAt) =>
        usedAt is not null ? LinkState.Used
        : expiresAt <= now ? LinkState.Expired
        : LinkState.Open;
}

internal enum LinkState
{
    Open,
    Used,
    Expired,
}

/// <summary>The secret in a one-time link.</summary>
internal readonly record struct LinkId(string Value)
{
    /// <summary>32 letters and digits, 190 bits.</summary>
    private const int Length = 32;

    private const int MaxLength = 128;

    public static LinkId New() => new(Tokens.NewAlphaNumeric(Length));

    /// <returns>False if <paramref name="text"/> cannot be the id of a link.</returns>
    public static bool TryParse(string? text, out LinkId id)
    {
        id = new LinkId(text ?? "");
        return text is { Length: > 0 and <= MaxLength } && text.All(char.IsAsciiLetterOrDigit);
    }

    public override string ToString() => "***";
}
