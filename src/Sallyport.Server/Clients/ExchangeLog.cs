using System.Text.Json;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

/// <summary>Logs token requests. Which client ids exist is not a secret (RFC 6749 section 2.2).</summary>
internal sealed class ExchangeLog(Database database, AuditLog audit)
{
    private static readonly TenantId Tenant = TenantId.Default;

    /// <param name="isKnown">There is a client with this id.</param>
    public ValueTask AddAsync(AuditSource source, OAuthError? error, bool isKnown, CancellationToken cancellationToken) =>
        database.WriteAsync(
            unit =>
            {
                if (error is null)
                {
                    audit.Add(unit, Tenant, new AuditEntry(AuditTypes.ClientCredentials, source));
                }
                else if (isKnown)
                {
                    audit.AddRefusal(unit, Tenant, Refused(source, error), cause: error.Description);
                }
                else
                {
                    audit.AddAnonymousRefusal(unit, Tenant, Refused(source, error), cause: error.Description);
                }

                return ValueTask.CompletedTask;
            },
            cancellationToken);

    private static AuditEntry Refused(AuditSource source, OAuthError error) =>
        new(AuditTypes.FailedClientCredentials, source) { Details = $$"""{"error":"{{JsonEncodedText.Encode(error.Description)}}"}""" };
}
