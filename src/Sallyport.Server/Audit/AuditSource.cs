using Sallyport.Server.Http;

namespace Sallyport.Server.Audit;

/// <summary>Who caused something, as far as the request tells.</summary>
internal sealed record AuditSource(string? ClientId, string? Address, string? UserAgent)
{
    private const int MaxUserAgent = 512;

    public static AuditSource Of(HttpContext context, string? clientId = null)
    {
        string? agent = context.Request.Headers.UserAgent;
        return new AuditSource(
            clientId ?? (context.User as ICaller)?.ClientId,
            context.Connection.RemoteIpAddress?.ToString(),
            agent is { Length: > MaxUserAgent } ? agent[..MaxUserAgent] : agent);
    }
}
