using System.Globalization;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Sallyport.Server.Http.OpenApi;

/// <summary>The OpenAPI document as it goes over the wire. Anybody may ask for it, so it is made once: the endpoints do not change while we run.</summary>
internal sealed class PublishedDocument([FromKeyedServices(OpenApiDocument.Name)] IOpenApiDocumentProvider provider)
{
    private readonly Lazy<Task<FileContentHttpResult>> answer = new(() => MakeAsync(provider));

    /// <summary>304 for whoever has it already.</summary>
    public static Task<FileContentHttpResult> GetAsync(HttpContext context, PublishedDocument document)
    {
        context.Response.Headers.CacheControl = "no-cache";
        return document.answer.Value;
    }

    private static async Task<FileContentHttpResult> MakeAsync(IOpenApiDocumentProvider provider)
    {
        // For all who wait for it, so none of them can cancel it.
        var document = await provider.GetOpenApiDocumentAsync(CancellationToken.None);
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        document.SerializeAsV31(new OpenApiJsonWriter(text));
        var content = Encoding.UTF8.GetBytes(text.ToString());
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))}\"");
        return TypedResults.Bytes(content, MediaTypeNames.Application.Json, entityTag: tag);
    }
}
