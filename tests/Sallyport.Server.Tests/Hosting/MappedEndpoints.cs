using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>A mapped endpoint. Tests that go through the list of all endpoints cover a new one automatically.</summary>
internal sealed record MappedEndpoint(RouteEndpoint Endpoint, string Method)
{
    public string Pattern => "/" + Endpoint.RoutePattern.RawText!.Trim('/');

    public Type? BodyType => Endpoint.Metadata.GetMetadata<BodyMetadata>()?.Type;

    /// <summary>The body is an array whose items have the type <see cref="BodyType"/>.</summary>
    public bool TakesList => Endpoint.Metadata.GetMetadata<BodyMetadata>()?.IsList == true;

    /// <summary>The body is optional.</summary>
    public bool MayLackBody => Endpoint.Metadata.GetMetadata<BodyMetadata>() is { IsRequired: false };

    public bool IsManagement => Pattern.StartsWith("/api/v2/", StringComparison.Ordinal);

    public static IReadOnlyList<MappedEndpoint> List(TestServer server) =>
    [
        .. server.Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .Concat(server.Services.GetRequiredService<EndpointDataSource>().Endpoints)
            .OfType<RouteEndpoint>()
            .Distinct()
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
                .Select(method => new MappedEndpoint(endpoint, method))),
    ];

    /// <summary>The properties of the endpoint's body, from the serializer.</summary>
    public IReadOnlyList<JsonPropertyInfo> ListProperties(TestServer server)
    {
        var options = server.Services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        return [.. options.GetTypeInfo(BodyType!).Properties.Where(property => !property.IsExtensionData)];
    }

    /// <param name="id">The value of every path parameter except <c>{name}</c>.</param>
    public string PathWith(string id) =>
        string.Join('/', Pattern.Split('/').Select(part => part == "{name}" ? "otp" : part.StartsWith('{') ? id : part));

    public override string ToString() => $"{Method} {Pattern}";
}
