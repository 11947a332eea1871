using System.Reflection;

namespace Sallyport.Server.Http;

/// <summary>An <c>{id}</c> in a path that may hold an address, with its slashes encoded (docs/management-api.md §E.5).</summary>
internal readonly record struct IdPath(string Value)
{
    private const int MaxLength = 600;

    /// <exception cref="ApiException">400 for what no id can be.</exception>
    public static ValueTask<IdPath> BindAsync(HttpContext context, ParameterInfo _)
    {
        var id = UserIdPath.Decode(context, (string?)context.GetRouteValue("id") ?? "");
        return id.Length is 0 or > MaxLength || id.Contains('\0')
            ? throw new ApiException(ApiError.Path($"String must have 1 to {MaxLength} characters and no NUL", "id"))
            : ValueTask.FromResult(new IdPath(id));
    }
}
