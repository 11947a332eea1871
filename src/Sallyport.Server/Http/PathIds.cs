using System.Reflection;
using Microsoft.AspNetCore.Http.Features;

namespace Sallyport.Server.Http;

/// <summary>The <c>{id}</c> in a path. It may be an address with encoded slashes (docs/management-api.md §E.5).</summary>
internal readonly record struct IdPath(string Value)
{
    private const int MaxLength = 600;

    /// <exception cref="ApiException">400 if no id can look like this.</exception>
    public static ValueTask<IdPath> BindAsync(HttpContext context, ParameterInfo _)
    {
        var id = PathSegments.Decode(context, (string?)context.GetRouteValue("id") ?? "");
        return id.Length is 0 or > MaxLength || id.Contains('\0')
            ? throw new ApiException(ApiError.Path($"String must have 1 to {MaxLength} characters and no NUL", "id"))
            : ValueTask.FromResult(new IdPath(id));
    }
}

/// <summary>The <c>{id}</c> of a user in a path: <c>provider|id</c>.</summary>
internal readonly record struct UserIdPath(string Value)
{
    private const int MaxLength = 300;

    /// <exception cref="ApiException">400 if it is not <c>provider|id</c>; 404 if it is an administrator.</exception>
    public static ValueTask<UserIdPath> BindAsync(HttpContext context, ParameterInfo _)
    {
        var id = PathSegments.Decode(context, (string?)context.GetRouteValue("id") ?? "");
        var bar = id.IndexOf('|');
        if (bar < 1 || bar == id.Length - 1 || id.Length > MaxLength || id.Contains('\0'))
        {
            throw new ApiException(ApiError.Path(@"String does not match pattern ^.+\|.+$", "id"));
        }

        return AdministratorUsers.Contains(id)
            ? throw new ApiException(ApiError.NotFound("The user does not exist.", ErrorCodes.InexistentUser))
            : ValueTask.FromResult(new UserIdPath(id));
    }
}

/// <summary>Decodes the segments of a path.</summary>
internal static class PathSegments
{
    /// <summary>
    /// Decodes a route value from the path as it was sent. The server decodes the path except for <c>%2F</c>, and an id may contain
    /// both a slash and the text <c>%2F</c>.
    /// </summary>
    public static string Decode(HttpContext context, string routeValue)
    {
        var decoded = (context.Request.Path.Value ?? "").Split('/');
        var fromEnd = decoded.Length - Array.LastIndexOf(decoded, routeValue);
        var sent = SentPath(context).Split('/');
        return fromEnd <= sent.Length ? Uri.UnescapeDataString(sent[^fromEnd]) : routeValue;
    }

    /// <summary>
    /// Middleware before routing: a segment that was percent-encoded twice, as some clients do, is decoded once, so that every id is
    /// found whether it was encoded once or twice.
    /// </summary>
    public static Task DecodeTwiceEncodedAsync(HttpContext context, RequestDelegate next)
    {
        var sent = SentPath(context).Split('/');
        var decoded = (context.Request.Path.Value ?? "").Split('/');
        var isChanged = false;
        for (var fromEnd = 1; fromEnd <= Math.Min(sent.Length, decoded.Length); fromEnd++)
        {
            if (DecodeOnce(sent[^fromEnd]) is { } once)
            {
                sent[^fromEnd] = once;
                decoded[^fromEnd] = Uri.UnescapeDataString(once.Replace("%2F", "%252F", StringComparison.OrdinalIgnoreCase));
                isChanged = true;
            }
        }

        if (isChanged)
        {
            var request = context.Features.GetRequiredFeature<IHttpRequestFeature>();
            request.RawTarget = string.Join('/', sent) + context.Request.QueryString.Value;
            context.Request.Path = string.Join('/', decoded);
        }

        return next(context);
    }

    /// <returns>
    /// The segment decoded once if the result is itself percent-encoded as a whole: only unreserved characters and percent codes, at
    /// least one of them (RFC 3986 section 2). Null for any other segment.
    /// </returns>
    private static string? DecodeOnce(string segment)
    {
        if (!segment.Contains("%25", StringComparison.Ordinal))
        {
            return null;
        }

        var once = Uri.UnescapeDataString(segment);
        return Uri.UnescapeDataString(once) is var twice && twice != once && !twice.Any(char.IsControl) && once.All(IsOfEncodedText) ? once : null;
    }

    private static bool IsOfEncodedText(char character) => char.IsAsciiLetterOrDigit(character) || "-._~%".Contains(character, StringComparison.Ordinal);

    private static string SentPath(HttpContext context) => (context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "").Split('?')[0];
}
