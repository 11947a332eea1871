using Sallyport.Server.Http;

namespace Sallyport.Server.Audit;

/// <summary>Something that happened. Never holds a secret.</summary>
internal sealed record AuditEntry(string Type, AuditSource Source)
{
    public string? UserId { get; init; }

    /// <summary>A JSON object as text.</summary>
    public string? Details { get; init; }
}

/// <summary>The caller of an operation, as far as it is known.</summary>
internal sealed record AuditSource(string? ClientId, string? Address, string? UserAgent)
{
    /// <summary>Unauthenticated callers can send texts of any length.</summary>
    private const int MaxLength = 512;

    private const int MaxReferenceLength = 64;

    /// <summary>The id that a page shows to its user for support requests, and sends with its calls.</summary>
    public string? Reference { get; init; }

    public static AuditSource Of(HttpContext context, string? clientId = null) =>
        new(
            Shorten(clientId ?? (context.User as ICaller)?.ClientId),
            context.Connection.RemoteIpAddress?.ToString(),
            Shorten(context.Request.Headers.UserAgent))
        {
            Reference = ReadReference(context.Request.Headers["x-global-tracking-id"]),
        };

    private static string? ReadReference(string? header) =>
        header is { Length: > 0 and <= MaxReferenceLength } && header.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? header : null;

    /// <summary>Does not cut a surrogate pair: no database stores half of one.</summary>
    private static string? Shorten(string? text) =>
        text is not { Length: > MaxLength } ? text
        : char.IsHighSurrogate(text[MaxLength - 1]) ? text[..(MaxLength - 1)]
        : text[..MaxLength];
}
