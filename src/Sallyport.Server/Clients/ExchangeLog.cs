using System.Net;
using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

/// <summary>
/// Logs token requests. Anybody can be refused with an invented client id, so each address gets one such entry a minute. Which client ids
/// exist is not a secret (RFC 6749 section 2.2).
/// </summary>
internal sealed class ExchangeLog(Database database, AuditLog audit, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>When more addresses than these ask, the others are not noted until the oldest may be again.</summary>
    private const int MaxAddresses = 1000;

    private readonly Dictionary<string, DateTimeOffset> noted = new(StringComparer.Ordinal);

    /// <param name="refusal">Why the request was refused; null if a token was issued.</param>
    /// <param name="isKnown">There is a client with this id.</param>
    public async ValueTask AddAsync(CallContext call, string? refusal, bool isKnown, CancellationToken cancellationToken)
    {
        if (!isKnown && !TryNote(call.Source))
        {
            return;
        }

        var entry = new AuditEntry(refusal is null ? AuditTypes.ClientCredentials : AuditTypes.FailedClientCredentials, call.Source)
        {
            Details = refusal is null ? null : $$"""{"error":"{{JsonEncodedText.Encode(refusal)}}"}""",
        };
        await database.WriteAsync(
            unit =>
            {
                audit.Add(unit, call.Tenant, entry);
                return ValueTask.CompletedTask;
            },
            cancellationToken);
    }

    private bool TryNote(AuditSource source)
    {
        var address = IPAddress.TryParse(source.Address, out var parsed) ? ClientAddress.Of(parsed) : "";
        var now = clock.GetUtcNow();
        lock (noted)
        {
            if (noted.Count == MaxAddresses)
            {
                foreach (var (old, _) in noted.Where(entry => entry.Value <= now - Interval).ToList())
                {
                    noted.Remove(old);
                }
            }

            if (noted.TryGetValue(address, out var last) ? last > now - Interval : noted.Count == MaxAddresses)
            {
                return false;
            }

            noted[address] = now;
            return true;
        }
    }
}
