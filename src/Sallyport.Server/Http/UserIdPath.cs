using System.Reflection;

namespace Sallyport.Server.Http;

/// <summary>
/// The <c>{id}</c> of a user in a path. The server leaves <c>%2F</c> as it is when it decodes the path; a user id may
/// hold a slash.
/// </summary>
internal readonly record struct UserIdPath(string Value)
{
    private const int MaxLength = 300;

    /// <exception cref="ApiException">400 where it is not <c>provider|id</c>.</exception>
    public static ValueTask<UserIdPath> BindAsync(HttpContext context, ParameterInfo _)
    {
        var id = ((string?)context.GetRouteValue("id") ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        var bar = id.IndexOf('|');
        if (bar < 1 || bar == id.Length - 1 || id.Length > MaxLength || id.Contains('\0'))
        {
            throw new ApiException(ApiError.Path(@"String does not match pattern ^.+\|.+$", "id"));
        }

        return ValueTask.FromResult(new UserIdPath(id));
    }
}
