using Sallyport.Server.Http.OpenApi;
using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Sallyport.Server.Http;

namespace Sallyport.Server.Transactions;

/// <summary>The transaction token of every call after start-flow. The user comes from it and from nowhere else.</summary>
internal sealed record TransactionBearer(TransactionIdentity Identity) : IEndpointParameterMetadataProvider
{
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new TransactionCaller());

    /// <exception cref="ApiException">401 where there is no token that is alive.</exception>
    public static async ValueTask<TransactionBearer> BindAsync(HttpContext context, ParameterInfo _)
    {
        var (scheme, value) = GuardianCredential.Split(context.Request.Headers.Authorization);
        if (!scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            throw new ApiException(GuardianCredential.Malformed);
        }

        var tokens = context.RequestServices.GetRequiredService<TransactionTokens>();
        return await tokens.ValidateAsync(value) is { } identity
            ? new TransactionBearer(identity)
            : throw new ApiException(GuardianCredential.Refused);
    }
}
