using System.Reflection;
using Microsoft.AspNetCore.Http.Features;

namespace Sallyport.Server.Http;

/// <summary>
/// The <c>{id}</c> of a user in a path. The server leaves <c>%2F</c> as it is when it decodes the path; a user id may
/// hold a slash, and the text <c>%2F</c> too. So the id is decoded once, from the path as it was sent.
/// </summary>
internal readonly record struct UserIdPath(string Value)
{
    private const int MaxLength = 300;

    /// <exception cref="ApiException">400 where it is not <c>provider|id</c>.</exception>
    public static ValueTask<UserIdPath> BindAsync(HttpContext context, ParameterInfo _)
    {
        var id = Decode(context, (string?)context.GetRouteValue("id") ?? "");
        var bar = id.IndexOf('|');
        if (bar < 1 || bar == id.Length - 1 || id.Length > MaxLength || id.Contains('\0'))
        {
            throw new ApiException(ApiError.Path(@"String does not match pattern ^.+\|.+$", "id"));
        }

        return ValueTask.FromResult(new UserIdPath(id));
    }

    /// <summary>Both forms of the path have the same segments at their end, counted from there.</summary>
    public static string Decode(HttpContext context, string routeValue)
    {
        var decoded = (context.Request.Path.Value ?? "").Split('/');
        var fromEnd = decoded.Length - Array.LastIndexOf(decoded, routeValue);
        var sent = (context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "").Split('?')[0].Split('/');
        return fromEnd <= sent.Length ? Uri.UnescapeDataString(sent[^fromEnd]) : routeValue;
    }
}
