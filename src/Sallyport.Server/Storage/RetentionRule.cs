namespace Sallyport.Server.Storage;

/// <summary>
/// Rows that nobody needs any more. Nothing relies on their going: whether something has expired is decided when it is
/// used.
/// </summary>
/// <param name="Table">As it stands in a statement.</param>
/// <param name="Key">The column that, with the tenant, names a row.</param>
/// <param name="Condition">True for a row to be removed; <c>@before</c> is the instant of <paramref name="Age"/> ago.</param>
internal sealed record RetentionRule(string Table, string Key, string Condition, TimeSpan Age)
{
    public const int BatchSize = 500;

    /// <summary>How the columns of the condition write an instant.</summary>
    public Func<DateTimeOffset, SqlValue> Write { get; init; } = instant => instant.ToUnixTimeMilliseconds();

    public Statement DeleteBatch(TenantId tenant, DateTimeOffset now) =>
        new($"""
            DELETE FROM {Table}
            WHERE tenant_id = @tenant_id AND {Key} IN (
                SELECT {Key} FROM {Table} WHERE tenant_id = @tenant_id AND {Condition} LIMIT {BatchSize})
            """,
            ("tenant_id", tenant.Value),
            ("before", Write(now - Age)));
}
