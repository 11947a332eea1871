using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Http.OpenApi;

namespace Sallyport.Server.Transactions.Guardian;

/// <summary>The transaction token of every call after start-flow. The user comes from it and from nowhere else.</summary>
internal sealed record TransactionBearer(TransactionIdentity Identity) : IEndpointParameterMetadataProvider
{
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new TransactionCaller());

    /// <exception cref="ApiException">401 unless there is a live token.</exception>
    public static async ValueTask<TransactionBearer> BindAsync(HttpContext context, ParameterInfo _)
    {
        var (scheme, value) = GuardianCredential.Split(context.Request.Headers.Authorization);
        if (!scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            throw new ApiException(GuardianCredential.Malformed);
        }

        var tokens = context.RequestServices.GetRequiredService<TransactionTokens>();
        return await tokens.ValidateAsync(CallContext.ServedTenant, value) is { } identity
            ? new TransactionBearer(identity)
            : throw new ApiException(GuardianCredential.Refused);
    }
}
