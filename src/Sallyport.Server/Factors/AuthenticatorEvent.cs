using System.Text.Json.Nodes;
using Sallyport.Server.Audit;

namespace Sallyport.Server.Factors;

/// <summary>Log entries about one authenticator.</summary>
internal static class AuthenticatorEvent
{
    /// <param name="more">Further members of the details; those without a value are left out.</param>
    public static AuditEntry Of(string type, Authenticator authenticator, AuditSource source, params ReadOnlySpan<(string Name, string? Value)> more)
    {
        var details = new JsonObject { ["authenticator_id"] = authenticator.Id, ["factor"] = authenticator.Factor };
        foreach (var (name, value) in more)
        {
            if (value is not null)
            {
                details[name] = value;
            }
        }

        return new AuditEntry(type, source) { UserId = authenticator.UserId, Details = details.ToJsonString() };
    }
}
