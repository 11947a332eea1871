using Sallyport.Server.Audit;

namespace Sallyport.Server.Factors;

/// <summary>Log entries that name the authenticator of which they tell.</summary>
internal static class AuthenticatorEvent
{
    /// <remarks>Neither text can hold a character that JSON escapes: one is made here, the other is a name in the code.</remarks>
    public static AuditEntry Of(string type, Authenticator authenticator, AuditSource source) =>
        new(type, source)
        {
            UserId = authenticator.UserId,
            Details = $$"""{"authenticator_id":"{{authenticator.Id}}","factor":"{{authenticator.Factor}}"}""",
        };
}
