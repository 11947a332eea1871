using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>An endpoint as it is mapped: a new one is covered by the tests that go over all of them without being named there.</summary>
internal sealed record MappedEndpoint(RouteEndpoint Endpoint, string Method)
{
    public string Pattern => "/" + Endpoint.RoutePattern.RawText!.Trim('/');

    public Type? BodyType => Endpoint.Metadata.GetMetadata<BodyMetadata>()?.Type;

    /// <summary>The body is an array of what <see cref="BodyType"/> says.</summary>
    public bool TakesList => Endpoint.Metadata.GetMetadata<BodyMetadata>()?.IsList == true;

    /// <summary>A request without a body is a good one.</summary>
    public bool MayLackBody => Endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters()
        .Any(parameter => parameter.ParameterType is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(OptionalBody<>)) == true;

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

    /// <summary>What the endpoint's body may hold, as the serializer knows it.</summary>
    public IReadOnlyList<JsonPropertyInfo> ListProperties(TestServer server)
    {
        var options = server.Services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        return [.. options.GetTypeInfo(BodyType!).Properties.Where(property => !property.IsExtensionData)];
    }

    /// <param name="id">Stands for every parameter of the path that is not a name.</param>
    public string PathWith(string id) =>
        string.Join('/', Pattern.Split('/').Select(part => part == "{name}" ? "otp" : part.StartsWith('{') ? id : part));

    public override string ToString() => $"{Method} {Pattern}";
}
