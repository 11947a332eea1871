using System.Net;
using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

/// <summary>
/// What the log keeps of exchanges. Anybody can be refused under a name that no client has, as often as they like: of those an
/// address gets one entry a minute, or strangers would fill the disk. Which names exist is no secret (RFC 6749 section 2.2).
/// </summary>
internal sealed class ExchangeLog(Database database, AuditLog audit, TimeProvider clock)
{
    private static readonly TenantId Tenant = TenantId.Default;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>When more addresses than these ask, the others are not noted until the oldest may be again.</summary>
    private const int MaxAddresses = 1000;

    private readonly Dictionary<string, DateTimeOffset> noted = new(StringComparer.Ordinal);

    /// <param name="isKnown">There is a client with this id.</param>
    public async ValueTask AddAsync(AuditSource source, OAuthError? error, bool isKnown, CancellationToken cancellationToken)
    {
        if (!isKnown && !TryNote(source))
        {
            return;
        }

        var entry = new AuditEntry(error is null ? AuditTypes.ClientCredentials : AuditTypes.FailedClientCredentials, source)
        {
            Details = error is null ? null : $$"""{"error":"{{JsonEncodedText.Encode(error.Description)}}"}""",
        };
        await database.WriteAsync(
            unit =>
            {
                audit.Add(unit, Tenant, entry);
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
