using System.Data.Common;
using System.Text.Json;
using Sallyport.Server.Search;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Audit;

/// <summary>Reads the table <c>log</c>. Names are the current names of users and clients.</summary>
internal static class LogStore
{
    private const string From = """
        FROM log l
        LEFT JOIN "user" u ON u.tenant_id = l.tenant_id AND u.user_id = l.user_id
        LEFT JOIN client c ON c.tenant_id = l.tenant_id AND c.client_id = l.client_id
        """;

    private const string Select = $"""
        SELECT l.log_id, l.date, l.type, l.user_id, {LogFields.UserName}, u.connection, l.client_id, c.name, l.ip, l.user_agent, l.details
        {From}
        """;

    /// <summary>Counting further would cost more than the page.</summary>
    private const long MaxTotal = 10_000;

    private static readonly JsonElement NoDetails = JsonDocument.Parse("{}").RootElement.Clone();

    /// <summary>A page, to be read with <see cref="Read"/>.</summary>
    public static Statement Page(LogListing listing, SearchQuery query, string where) =>
        query.ToStatement(
            $"{Select} WHERE {where} ORDER BY {listing.OrderBy} LIMIT @size OFFSET @start",
            ("size", (long)listing.Page.Size),
            ("start", (long)listing.Page.Start));

    public static async ValueTask<long> CountAsync(
        Session session, SearchQuery query, string where, CancellationToken cancellationToken)
    {
        var rows = await session.QueryAsync(
            query.ToStatement($"SELECT count(*) FROM (SELECT 1 AS one {From} WHERE {where} LIMIT @most) counted", ("most", MaxTotal)),
            row => row.GetInt64(0),
            cancellationToken);
        return rows[0];
    }

    /// <summary>The condition for the entries of a listing.</summary>
    /// <exception cref="SearchException">The query names a field or form that cannot be searched.</exception>
    public static string Where(LogListing listing, SearchQuery query, string hostname)
    {
        var where = "l.tenant_id = @tenant_id";
        if (listing.UserId is { } userId)
        {
            where += $" AND l.user_id = {query.Add(userId)}";
        }

        return listing.Query is { } node ? $"{where} AND {new LogCondition(query, hostname).OneByOne(node)}" : where;
    }

    /// <param name="settledAt">All entries before this instant are committed.</param>
    public static ValueTask<List<LogEntryResponse>> ListAfterAsync(
        Session session, TenantId tenant, LogCheckpoint checkpoint, DateTimeOffset settledAt, CancellationToken cancellationToken) =>
        session.QueryAsync(
            new Statement(
                $"""
                {Select}
                WHERE l.tenant_id = @tenant_id AND l.log_id > @from AND l.log_id < @settled
                ORDER BY l.log_id LIMIT @take
                """,
                ("tenant_id", tenant.Value),
                ("from", checkpoint.From),
                ("settled", LogIds.Lowest(settledAt)),
                ("take", (long)checkpoint.Take)),
            Read,
            cancellationToken);

    public static ValueTask<LogEntryResponse?> FindAsync(
        Session session, TenantId tenant, string logId, CancellationToken cancellationToken) =>
        session.FindAsync(
            new Statement(
                $"{Select} WHERE l.tenant_id = @tenant_id AND l.log_id = @log_id",
                ("tenant_id", tenant.Value),
                ("log_id", logId)),
            Read,
            cancellationToken);

    public static LogEntryResponse Read(DbDataReader row) => new()
    {
        LogId = row.GetString(0),
        Date = row.GetInstant(1),
        Type = row.GetString(2),
        Description = LogDescriptions.Of(row.GetString(2)),
        UserId = row.GetStringOrNull(3) ?? "",
        UserName = row.GetStringOrNull(4) ?? "",
        Connection = row.GetStringOrNull(5) ?? "",
        ClientId = row.GetStringOrNull(6) ?? "",
        ClientName = row.GetStringOrNull(7) ?? "",
        Address = row.GetStringOrNull(8) ?? "",
        UserAgent = row.GetStringOrNull(9) ?? "",
        Details = Json(row.GetStringOrNull(10)),
    };

    private static JsonElement Json(string? text)
    {
        if (text is null)
        {
            return NoDetails;
        }

        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
