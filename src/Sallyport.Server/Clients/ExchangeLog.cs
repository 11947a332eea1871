using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

/// <summary>Logs token requests. Which client ids exist is not a secret (RFC 6749 section 2.2).</summary>
internal sealed class ExchangeLog(Database database, AuditLog audit)
{
    /// <param name="refusal">Why the request was refused; null if a token was issued.</param>
    /// <param name="isKnown">There is a client with this id.</param>
    public ValueTask AddAsync(CallContext call, string? refusal, bool isKnown, CancellationToken cancellationToken) =>
        database.WriteAsync(
            unit =>
            {
                if (refusal is null)
                {
                    audit.Add(unit, call.Tenant, new AuditEntry(AuditTypes.ClientCredentials, call.Source));
                }
                else if (isKnown)
                {
                    audit.AddRefusal(unit, call.Tenant, Refused(call.Source, refusal), cause: refusal);
                }
                else
                {
                    audit.AddAnonymousRefusal(unit, call.Tenant, Refused(call.Source, refusal), cause: refusal);
                }

                return ValueTask.CompletedTask;
            },
            cancellationToken);

    private static AuditEntry Refused(AuditSource source, string refusal) =>
        new(AuditTypes.FailedClientCredentials, source) { Details = $$"""{"error":"{{JsonEncodedText.Encode(refusal)}}"}""" };
}
