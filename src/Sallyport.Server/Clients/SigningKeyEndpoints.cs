using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Security;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Clients;

/// <summary>The keys behind <c>jwks.json</c>, and their rotation without a restart.</summary>
internal static class SigningKeyEndpoints
{
    private static readonly ApiError NotFound = ApiError.NotFound("The signing key does not exist.", ErrorCodes.InexistentSigningKey);

    public static void MapSigningKeys(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/keys/signing").WithTags("Signing keys");
        group.MapGet("", List).RequireScope(ManagementScopes.ReadSigningKeys).WithName("ListSigningKeys");
        group.MapGet("/{kid}", Get).RequireScope(ManagementScopes.ReadSigningKeys).WithName("GetSigningKey").Produces<ApiErrorBody>(404);
        group.MapPost("/rotate", RotateAsync).RequireScope(ManagementScopes.CreateSigningKeys).WithName("RotateSigningKey");
        group.MapPut("/{kid}/revoke", RevokeAsync).RequireScope(ManagementScopes.UpdateSigningKeys).WithName("RevokeSigningKey")
            .Produces<ApiErrorBody>(404);
    }

    private static Ok<IReadOnlyList<SigningKeyResponse>> List(KeyRing ring) =>
        TypedResults.Ok<IReadOnlyList<SigningKeyResponse>>(
            [.. ring.Current.Keys.Where(key => key.Purpose == KeyPurpose.Signing).Select(SigningKeyResponse.Of)]);

    private static Results<Ok<SigningKeyResponse>, ApiError> Get(string kid, KeyRing ring) =>
        Find(ring, kid) is { } key ? TypedResults.Ok(SigningKeyResponse.Of(key)) : NotFound;

    private static async Task<Created<SigningKeyResponse>> RotateAsync(
        HttpContext context, KeyRing ring, AuditLog audit, CancellationToken cancellationToken)
    {
        var entry = ApiOperation.Succeeded(context, 201, userId: null);
        var key = await ring.RotateSigningKeyAsync(unit => audit.Add(unit, TenantId.Default, entry), cancellationToken);
        return TypedResults.Created((string?)null, SigningKeyResponse.Of(key));
    }

    private static async Task<Results<Ok<SigningKeyResponse>, ApiError>> RevokeAsync(
        string kid, HttpContext context, KeyRing ring, AuditLog audit, CancellationToken cancellationToken)
    {
        if (Find(ring, kid) is null)
        {
            return NotFound;
        }

        var entry = ApiOperation.Succeeded(context, 200, userId: null);
        if (!await ring.RevokeSigningKeyAsync(kid, unit => audit.Add(unit, TenantId.Default, entry), cancellationToken))
        {
            return ApiError.BadRequest("Only a previous key can be revoked: rotate first.", ErrorCodes.OperationNotSupported);
        }

        return TypedResults.Ok(SigningKeyResponse.Of(Find(ring, kid)!));
    }

    private static Key? Find(KeyRing ring, string kid) =>
        ring.Current.Keys.FirstOrDefault(key => key.Id == kid && key.Purpose == KeyPurpose.Signing);
}

/// <summary>Flags are present only where they are true.</summary>
public sealed record SigningKeyResponse(
    [property: JsonPropertyName("kid")] string KeyId,
    [property: JsonPropertyName("cert")] string Certificate,
    [property: JsonPropertyName("thumbprint")] string Thumbprint,
    [property: JsonPropertyName("current")] bool? Current,
    [property: JsonPropertyName("next")] bool? Next,
    [property: JsonPropertyName("previous")] bool? Previous,
    [property: JsonPropertyName("revoked")] bool? Revoked)
{
    private static readonly TimeSpan CertificateLifetime = TimeSpan.FromDays(3650);

    internal static SigningKeyResponse Of(Key key)
    {
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(key.Material, out _);
        var request = new CertificateRequest("CN=sallyport", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(key.CreatedAt, key.CreatedAt + CertificateLifetime);
        return new SigningKeyResponse(
            key.Id, certificate.ExportCertificatePem(), certificate.Thumbprint,
            Flag(key.Status == KeyStatus.Current), Flag(key.Status == KeyStatus.Next),
            Flag(key.Status == KeyStatus.Previous), Flag(key.Status == KeyStatus.Revoked));
    }

    private static bool? Flag(bool value) => value ? true : null;
}
