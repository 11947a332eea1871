using System.Text.Json.Nodes;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>A row of the table <c>log</c>.</summary>
internal sealed record LogEntry(string Id, string Type, string? UserId, string? ClientId, string? Address, string? Details)
{
    public JsonNode Json => JsonNode.Parse(Details!)!;

    /// <returns>Oldest first.</returns>
    public static async Task<IReadOnlyList<LogEntry>> ListAsync(TestServer server, string type) => await server.Database.QueryAsync(
        new Statement("SELECT log_id, type, user_id, client_id, ip, details FROM log WHERE type = @type ORDER BY log_id", ("type", type)),
        row => new LogEntry(
            row.GetString(0), row.GetString(1), row.GetStringOrNull(2), row.GetStringOrNull(3), row.GetStringOrNull(4), row.GetStringOrNull(5)),
        CancellationToken.None);
}
