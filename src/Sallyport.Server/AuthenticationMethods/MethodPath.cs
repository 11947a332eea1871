using System.Reflection;
using Sallyport.Server.Http;

namespace Sallyport.Server.AuthenticationMethods;

/// <summary>A user and one of their methods, from the path. An id without "|" is not a method id.</summary>
internal readonly record struct MethodPath(string UserId, string MethodId)
{
    /// <exception cref="ApiException">400 if the user id is malformed.</exception>
    public static async ValueTask<MethodPath> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var userId = await UserIdPath.BindAsync(context, parameter);
        return new MethodPath(userId.Value, (string?)context.GetRouteValue("authentication_method_id") ?? "");
    }
}
