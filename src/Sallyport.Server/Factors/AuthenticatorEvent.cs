using Sallyport.Server.Audit;

namespace Sallyport.Server.Factors;

/// <summary>Log entries about one authenticator.</summary>
internal static class AuthenticatorEvent
{
    /// <remarks>Neither value needs escaping: the id is generated and the factor is a constant.</remarks>
    public static AuditEntry Of(string type, Authenticator authenticator, AuditSource source) =>
        new(type, source)
        {
            UserId = authenticator.UserId,
            Details = $$"""{"authenticator_id":"{{authenticator.Id}}","factor":"{{authenticator.Factor}}"}""",
        };
}
