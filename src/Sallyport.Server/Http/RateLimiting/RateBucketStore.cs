using System.Text.Json.Nodes;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Http.RateLimiting;

/// <summary>Table <c>rate_bucket</c>, on PostgreSQL. Time is the database's: the clocks of nodes may differ by more than a bucket holds.</summary>
internal static class RateBucketStore
{
    private const string Now = "CAST(extract(epoch FROM statement_timestamp()) * 1000 AS bigint)";

    /// <summary>In the order of callers: two nodes that tell of the same ones wait for each other, but not in a circle.</summary>
    public static ValueTask<List<(string Caller, long UntilFull)>> TellAsync(
        UnitOfWork unit, TenantId tenant, IEnumerable<(string Caller, long Taken)> taken, CancellationToken cancellationToken) =>
        unit.QueryAsync(
            new Statement($"""
                INSERT INTO rate_bucket (tenant_id, caller, full_at)
                SELECT @tenant_id, told.caller, {Now} + told.taken
                FROM json_to_recordset(CAST(@taken AS json)) AS told (caller text, taken bigint)
                ORDER BY told.caller
                ON CONFLICT (tenant_id, caller) DO UPDATE
                SET full_at = GREATEST(rate_bucket.full_at, {Now}) + (EXCLUDED.full_at - {Now})
                RETURNING caller, full_at - {Now}
                """,
                ("tenant_id", tenant.Value),
                ("taken", ToJson(taken))),
            row => (row.GetString(0), row.GetInt64(1)),
            cancellationToken);

    private static string ToJson(IEnumerable<(string Caller, long Taken)> taken) =>
        new JsonArray([.. taken.Select(told => (JsonNode)new JsonObject { ["caller"] = told.Caller, ["taken"] = told.Taken })])
            .ToJsonString();
}
