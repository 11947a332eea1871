using System.Globalization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using Sallyport.Server.Http.Payloads;
using Sallyport.Server.Http.RateLimiting;

namespace Sallyport.Server.Http.OpenApi;

/// <summary>Describes the requests and refusals of an endpoint from its metadata.</summary>
internal static class OpenApiOperations
{
    private static readonly string[] BodyTypes = ["application/json", "application/x-www-form-urlencoded"];
    private static readonly string[] FileFormTypes = ["multipart/form-data"];

    public static async Task DescribeBodyAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (Find<BodyMetadata>(context) is not { } body)
        {
            return;
        }

        var schema = await context.GetOrCreateSchemaAsync(body.Type, null, cancellationToken);
        schema.AdditionalPropertiesAllowed = !body.IsClosed || schema.Type == JsonSchemaType.Array;
        context.Document!.AddComponent(body.Type.Name, schema);
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = body.IsRequired,
            Content = (body.IsFileForm ? FileFormTypes : body.IsList ? BodyTypes[..1] : BodyTypes).ToDictionary(
                type => type, _ => new OpenApiMediaType { Schema = Reference(body, context) }),
        };
    }

    private static IOpenApiSchema Reference(BodyMetadata body, OpenApiOperationTransformerContext context)
    {
        var one = new OpenApiSchemaReference(body.Type.Name, context.Document);
        return body.IsList ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = one } : one;
    }

    /// <summary>The parameters of path and query. Endpoints bind them with types that the generator does not know.</summary>
    public static Task DescribeAddress(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Parameters ??= [];
        foreach (var part in context.Description.RelativePath!.Split('/').Where(part => part.StartsWith('{')))
        {
            var name = part.Trim('{', '}');
            if (!operation.Parameters.Any(known => known.Name == name))
            {
                operation.Parameters.Add(Parameter(name, ParameterLocation.Path, JsonSchemaType.String, isRequired: true));
            }
        }

        foreach (var query in context.Description.ActionDescriptor.EndpointMetadata.OfType<QueryParameter>())
        {
            operation.Parameters.Add(Parameter(query.Name, ParameterLocation.Query, query.Type, query.IsRequired));
        }

        return Task.CompletedTask;
    }

    public static Task DescribeCaller(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (Find<RequiredScopes>(context) is { } scopes)
        {
            operation.Description = $"Any of the scopes: {string.Join(", ", scopes.Any)}";
            Secure(operation, context, OpenApiDocument.AccessToken);
        }
        else if (Find<TransactionCaller>(context) is not null)
        {
            Secure(operation, context, OpenApiDocument.TransactionToken);
        }

        // Endpoints under two base paths cannot have one name; they are described once.
        operation.OperationId ??= NameOf(context.Description.RelativePath!);

        return Task.CompletedTask;
    }

    public static async Task DescribeAlternativeAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (Find<AlternativeAnswer>(context) is not { } alternative
            || operation.Responses?["200"].Content?["application/json"] is not { } answer)
        {
            return;
        }

        context.Document!.AddComponent(
            alternative.Type.Name, await context.GetOrCreateSchemaAsync(alternative.Type, null, cancellationToken));
        answer.Schema = new OpenApiSchema
        {
            OneOf = [answer.Schema!, new OpenApiSchemaReference(alternative.Type.Name, context.Document)],
        };
    }

    /// <summary>Refusals that follow from metadata. The endpoint declares its own refusals.</summary>
    public static Task DescribeRefusals(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var statuses = new List<int>();
        if (metadata.OfType<RequiredScopes>().Any())
        {
            // A header without a bearer token is a 400.
            statuses.AddRange([400, 401, 403]);
        }

        if (metadata.OfType<TransactionCaller>().Any())
        {
            statuses.Add(401);
        }

        if (metadata.OfType<RateLimitMetadata>().Any())
        {
            statuses.Add(429);
        }

        var body = metadata.OfType<OAuthSurface>().Any() ? nameof(OAuthErrorBody) : nameof(ApiErrorBody);
        operation.Responses ??= [];
        foreach (var status in statuses)
        {
            operation.Responses.TryAdd(status.ToString(CultureInfo.InvariantCulture), Refusal(status, body, context));
        }

        var sorted = operation.Responses.OrderBy(response => response.Key, StringComparer.Ordinal).ToList();
        operation.Responses.Clear();
        sorted.ForEach(response => operation.Responses.Add(response.Key, response.Value));
        return Task.CompletedTask;
    }

    private static string NameOf(string path) => string.Concat(
        path[(path.LastIndexOf('/') + 1)..].Split('-').Select(word => string.Concat(word[..1].ToUpperInvariant(), word.AsSpan(1))));

    private static OpenApiResponse Refusal(int status, string body, OpenApiOperationTransformerContext context) => new()
    {
        Description = ReasonPhrases.GetReasonPhrase(status),
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/json"] = new() { Schema = new OpenApiSchemaReference(body, context.Document) },
        },
    };

    private static OpenApiParameter Parameter(string name, ParameterLocation location, JsonSchemaType type, bool isRequired) => new()
    {
        Name = name,
        In = location,
        Required = isRequired,
        Schema = new OpenApiSchema { Type = type },
    };

    private static void Secure(OpenApiOperation operation, OpenApiOperationTransformerContext context, string scheme) =>
        (operation.Security ??= []).Add(new OpenApiSecurityRequirement
        {
            [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [],
        });

    private static T? Find<T>(OpenApiOperationTransformerContext context) =>
        context.Description.ActionDescriptor.EndpointMetadata.OfType<T>().FirstOrDefault();
}

/// <summary>A query parameter of an endpoint, for the OpenAPI document.</summary>
internal sealed record QueryParameter(string Name, JsonSchemaType Type, bool IsRequired = false);

/// <summary>A second shape of the answer 200, for the OpenAPI document.</summary>
internal sealed record AlternativeAnswer(Type Type);

/// <summary>Marks the endpoints that require a transaction token.</summary>
internal sealed record TransactionCaller;
