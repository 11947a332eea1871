using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Sallyport.Server.Http;

/// <summary>Writes what no result of the framework writes, with the same options: one text is not escaped here and plain there.</summary>
internal static class JsonAnswer
{
    public static Task WriteAsync<T>(HttpContext context, T value)
    {
        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        return context.Response.WriteAsJsonAsync(value, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));
    }
}
