using System.Globalization;
using System.Net.Mime;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using Sallyport.Server.Http.RateLimiting;

namespace Sallyport.Server.Http.OpenApi;

/// <summary>The OpenAPI document, generated from the endpoints.</summary>
internal static class OpenApiDocument
{
    public const string Name = "v1";
    public const string AccessToken = "accessToken";
    public const string TransactionToken = "transactionToken";

    public static void AddOpenApiDocument(this IServiceCollection services)
    {
        services.AddSingleton<PublishedDocument>();
        services.AddOpenApi(Name, options =>
        {
            options.AddSchemaTransformer(OpenApiSchemas.DescribeProperty);
            options.AddOperationTransformer(OpenApiOperations.DescribeBodyAsync);
            options.AddOperationTransformer(OpenApiOperations.DescribeAddress);
            options.AddOperationTransformer(OpenApiOperations.DescribeCaller);
            options.AddOperationTransformer(OpenApiOperations.DescribeRefusals);
            options.AddOperationTransformer(OpenApiOperations.DescribeAlternativeAsync);
            options.AddDocumentTransformer(DescribeProduct);
            options.AddDocumentTransformer(OpenApiSchemas.RemoveImpliedNull);
            // The Guardian API is described once, under the base path that its clients are given.
            options.ShouldInclude = description => description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) != true
                || description.RelativePath.StartsWith("api/v2/", StringComparison.Ordinal);
        });
    }

    public static void MapOpenApiDocument(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/openapi.json", PublishedDocument.GetAsync).ExcludeFromDescription().RequireRateLimit(RateLimitKind.Address);

    private static Task DescribeProduct(
        Microsoft.OpenApi.OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo { Title = "Sallyport", Version = "v2" };
        // The listening address is not part of the contract.
        document.Servers?.Clear();
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [AccessToken] = Bearer("From /oauth/token, with the Management API as its audience."),
            [TransactionToken] = Bearer("From start-flow, which itself takes a ticket: Authorization: Ticket id=\"…\"."),
        };
        return Task.CompletedTask;
    }

    private static OpenApiSecurityScheme Bearer(string description) => new()
    {
        Type = SecuritySchemeType.Http,
        Scheme = "bearer",
        BearerFormat = "JWT",
        Description = description,
    };
}

/// <summary>The serialized OpenAPI document. It is generated once, because anyone may request it and the endpoints do not change.</summary>
internal sealed class PublishedDocument([FromKeyedServices(OpenApiDocument.Name)] IOpenApiDocumentProvider provider)
{
    private readonly Lazy<Task<FileContentHttpResult>> answer = new(() => MakeAsync(provider));

    /// <summary>Answers 304 if the caller has the current document.</summary>
    public static Task<FileContentHttpResult> GetAsync(HttpContext context, PublishedDocument document)
    {
        context.Response.Headers.CacheControl = "no-cache";
        return document.answer.Value;
    }

    private static async Task<FileContentHttpResult> MakeAsync(IOpenApiDocumentProvider provider)
    {
        // Several requests may wait for it, so none of them can cancel it.
        var document = await provider.GetOpenApiDocumentAsync(CancellationToken.None);
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        document.SerializeAsV31(new OpenApiJsonWriter(text));
        var content = Encoding.UTF8.GetBytes(text.ToString());
        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))}\"");
        return TypedResults.Bytes(content, MediaTypeNames.Application.Json, entityTag: tag);
    }
}
