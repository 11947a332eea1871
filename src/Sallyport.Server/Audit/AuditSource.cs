using Sallyport.Server.Http;

namespace Sallyport.Server.Audit;

/// <summary>Who caused something, as far as the request tells.</summary>
internal sealed record AuditSource(string? ClientId, string? Address, string? UserAgent)
{
    /// <summary>Anybody can send these texts, without having shown anything.</summary>
    private const int MaxLength = 512;

    private const int MaxReference = 64;

    /// <summary>What a page shows to a person in trouble, and sends along with its calls.</summary>
    public string? Reference { get; init; }

    public static AuditSource Of(HttpContext context, string? clientId = null)
    {
        return new AuditSource(
            Shorten(clientId ?? (context.User as ICaller)?.ClientId),
            context.Connection.RemoteIpAddress?.ToString(),
            Shorten(context.Request.Headers.UserAgent))
        {
            Reference = ReferenceOf(context.Request.Headers["x-global-tracking-id"]),
        };
    }

    private static string? ReferenceOf(string? header) =>
        header is { Length: > 0 and <= MaxReference } && header.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? header : null;

    /// <summary>Never in the middle of a character: no database takes half of one.</summary>
    private static string? Shorten(string? text) =>
        text is not { Length: > MaxLength } ? text
        : char.IsHighSurrogate(text[MaxLength - 1]) ? text[..(MaxLength - 1)]
        : text[..MaxLength];
}
