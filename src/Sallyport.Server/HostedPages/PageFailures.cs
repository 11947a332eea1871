using System.Buffers;
using System.Text;
using System.Text.Json;
using Sallyport.Protocols.Liquid;
using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.HostedPages;

/// <summary>
/// Writes down that a tenant's page fails: once an hour and node for each text of the page, however many people look
/// at it and whatever they make it fail at.
/// </summary>
internal sealed class PageFailures(Database database, AuditLog audit, TimeProvider clock)
{
    private static readonly TimeSpan Silence = TimeSpan.FromHours(1);

    private readonly Lock gate = new();
    private (string Html, DateTimeOffset At)? last;

    public async ValueTask ReportAsync(string html, LiquidError error, AuditSource source)
    {
        if (!IsNews(html))
        {
            return;
        }

        // Not with the token of the request: the next hour would be silent although nothing was written.
        await database.WriteAsync(
            unit =>
            {
                audit.Add(unit, TenantId.Default, new AuditEntry(AuditTypes.PageFailed, source) { Details = Describe(error) });
                return ValueTask.CompletedTask;
            },
            CancellationToken.None);
    }

    private bool IsNews(string html)
    {
        var now = clock.GetUtcNow();
        lock (gate)
        {
            if (last is { } known && known.Html == html && now - known.At < Silence)
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
