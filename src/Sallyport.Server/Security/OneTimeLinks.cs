using Sallyport.Server.Storage;

namespace Sallyport.Server.Security;

/// <summary>
/// One kind of links that work once, such as tickets and email verifications. A row of <paramref name="Table"/> holds the hash of
/// the id, <c>user_id</c>, <c>expires_at</c>, <c>used_at</c> and <c>ended_at</c>; the id itself is only in the link.
/// </summary>
/// <param name="Table">Part of the hashed text, so that an id of one kind is never accepted as an id of another.</param>
internal sealed record OneTimeLinks(string Table, string HashColumn)
{
    public byte[] Hash(SecretHash hash, LinkId id) => hash.Link(Table, id.Value);

    /// <summary>Changes one row for the first caller before the link expires or is ended, and none for every other.</summary>
    public Statement Spend(TenantId tenant, byte[] hash, DateTimeOffset now) =>
        new($"""
            UPDATE {Table} SET used_at = @now
            WHERE tenant_id = @tenant_id AND {HashColumn} = @hash AND used_at IS NULL AND ended_at IS NULL AND expires_at > @now
            """,
            ("tenant_id", tenant.Value),
            ("hash", hash),
            ("now", now.ToUnixTimeMilliseconds()));

    /// <summary>Ends the user's unused links that meet a condition.</summary>
    /// <remarks>The rows are found by a subquery, because SQLite would search those of all users for an update of this table.</remarks>
    public Statement End(
        TenantId tenant, string userId, DateTimeOffset now, string condition = "true", params (string Name, SqlValue Value)[] parameters) =>
        new($"""
            UPDATE {Table} SET ended_at = @now
            WHERE tenant_id = @tenant_id AND used_at IS NULL AND ended_at IS NULL AND {condition}
                AND {HashColumn} IN (SELECT k.{HashColumn} FROM {Table} k WHERE k.tenant_id = @tenant_id AND k.user_id = @user_id)
            """,
            [("tenant_id", tenant.Value), ("user_id", userId), ("now", now.ToUnixTimeMilliseconds()), .. parameters]);

    /// <summary>Deletes links that expired more than <paramref name="age"/> ago.</summary>
    public RetentionRule Retention(TimeSpan age) => new(Table, HashColumn, "expires_at < @before", age);

}

/// <summary>When a link expires, and what has happened to it.</summary>
/// <param name="EndedAt">When it was withdrawn, or superseded by another one.</param>
internal readonly record struct LinkTimes(DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt, DateTimeOffset? EndedAt)
{
    public LinkState StateAt(DateTimeOffset now) =>
        UsedAt is not null ? LinkState.Used
        : EndedAt is not null ? LinkState.Ended
        : ExpiresAt <= now ? LinkState.Expired
        : LinkState.Open;
}

internal enum LinkState
{
    Open,
    Used,

    /// <summary>Withdrawn, or superseded by another link.</summary>
    Ended,

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
