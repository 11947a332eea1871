using Sallyport.Server.Http;

namespace Sallyport.Server.Audit;

/// <summary>Who caused something, as far as the request tells.</summary>
internal sealed record AuditSource(string? ClientId, string? Address, string? UserAgent)
{
    private const int MaxUserAgent = 512;
    private const int MaxReference = 64;

    /// <summary>What a page shows to a person in trouble, and sends along with its calls.</summary>
    public string? Reference { get; init; }

    public static AuditSource Of(HttpContext context, string? clientId = null)
    {
        string? agent = context.Request.Headers.UserAgent;
        return new AuditSource(
            clientId ?? (context.User as ICaller)?.ClientId,
            context.Connection.RemoteIpAddress?.ToString(),
            agent is { Length: > MaxUserAgent } ? agent[..MaxUserAgent] : agent)
        {
            Reference = ReferenceOf(context.Request.Headers["x-global-tracking-id"]),
        };
    }

    private static string? ReferenceOf(string? header) =>
        header is { Length: > 0 and <= MaxReference } && header.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? header : null;
}
