using System.Reflection;
using Sallyport.Server.Http;

namespace Sallyport.Server.AuthenticationMethods;

/// <summary>A user and one of their methods, by the path. What has no bar is no id of a method, and so names none.</summary>
internal readonly record struct MethodPath(string UserId, string MethodId)
{
    /// <exception cref="ApiException">400 where the user id is none.</exception>
    public static async ValueTask<MethodPath> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var userId = await UserIdPath.BindAsync(context, parameter);
        return new MethodPath(userId.Value, (string?)context.GetRouteValue("authentication_method_id") ?? "");
    }
}
