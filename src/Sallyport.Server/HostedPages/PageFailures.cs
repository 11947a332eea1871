using System.Buffers;
using System.Text;
using System.Text.Json;
using Sallyport.Protocols.Liquid;
using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.HostedPages;

/// <summary>
/// Logs that a tenant's page fails: once per hour, node and text of the page, because anyone with a link can make the page fail repeatedly.
/// </summary>
internal sealed class PageFailures(Database database, AuditLog audit, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private readonly Lock gate = new();
    private (string Html, DateTimeOffset At)? last;

    public async ValueTask ReportAsync(string html, LiquidError error, CallContext call)
    {
        if (!IsNew(html))
        {
            return;
        }

        // Without the request's token: after a cancellation nothing would be logged for an hour.
        await database.WriteAsync(
            unit =>
            {
                audit.Add(unit, call.Tenant, new AuditEntry(AuditTypes.PageFailed, call.Source) { Details = Describe(error) });
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
    }

    private bool IsNew(string html)
    {
        var now = clock.GetUtcNow();
        lock (gate)
        {
            if (last is { } known && known.Html == html && now - known.At < Interval)
            {
                return false;
            }

            last = (html, now);
            return true;
        }
    }

    private static string Describe(LiquidError error)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("message", error.Message);
            json.WriteNumber("line", error.Line);
            json.WriteNumber("column", error.Column);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
