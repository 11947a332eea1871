using Sallyport.Server.Http.RateLimiting;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Sallyport.Server.Http.OpenApi;

/// <summary>The published contract, generated from the endpoints.</summary>
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
            options.AddDocumentTransformer(OpenApiSchemas.TellAbsentFromNull);
            // The Guardian API is described once, below the base that its clients are told.
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
        // Where the server listens is no part of the contract.
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
