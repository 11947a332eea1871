using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Storage;
using Sallyport.Server.Users;

namespace Sallyport.Server.Factors;

/// <summary>Authenticators as the Management API shows them: "enrollments".</summary>
internal static class EnrollmentEndpoints
{
    private static readonly TenantId Tenant = TenantId.Default;
    private static readonly ApiError NotFound = ApiError.NotFound("Enrollment not found", ErrorCodes.EnrollmentNotFound);

    public static void MapEnrollments(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Enrollments");
        group.MapGet("/users/{id}/enrollments", ListAsync).RequireScope(ManagementScopes.ReadUsers).WithName("ListUserEnrollments")
            .Produces<ApiErrorBody>(404);
        group.MapGet("/guardian/enrollments/{id}", GetAsync).RequireScope(ManagementScopes.ReadEnrollments).WithName("GetEnrollment")
            .Produces<ApiErrorBody>(404);
        group.MapDelete("/guardian/enrollments/{id}", DeleteAsync)
            .RequireScope(ManagementScopes.DeleteEnrollments).WithName("DeleteEnrollment").Produces<ApiErrorBody>(404);
    }

    private static async Task<Results<Ok<IReadOnlyList<UserEnrollmentResponse>>, ApiError>> ListAsync(
        UserIdPath userId, Database database, CancellationToken cancellationToken)
    {
        var (user, authenticators) = await database.ReadAsync(
            async session => (
                await UserStore.FindAsync(session, Tenant, userId.Value, cancellationToken),
                await AuthenticatorStore.ListConfirmedAsync(session, Tenant, userId.Value, cancellationToken)),
            cancellationToken);
        return user is null
            ? ApiError.NotFound("The user does not exist.", ErrorCodes.InexistentUser)
            : TypedResults.Ok<IReadOnlyList<UserEnrollmentResponse>>(
                [.. authenticators.Where(a => a.IsEnrollment).Select(UserEnrollmentResponse.Of)]);
    }

    private static async Task<Results<Ok<EnrollmentResponse>, ApiError>> GetAsync(
        string id, Database database, CancellationToken cancellationToken)
    {
        var authenticator = await database.ReadAsync(
            session => AuthenticatorStore.FindAsync(session, Tenant, id, cancellationToken), cancellationToken);
        return authenticator is null or { IsEnrollment: false } ? NotFound : TypedResults.Ok(EnrollmentResponse.Of(authenticator));
    }

    private static async Task<Results<NoContent, ApiError>> DeleteAsync(
        string id, HttpContext context, DeleteEnrollment delete, CancellationToken cancellationToken) =>
        await delete.RunAsync(id, ApiOperation.Succeeded(context, 204, userId: null), cancellationToken)
            ? TypedResults.NoContent()
            : NotFound;
}

/// <summary>What is not known is left out.</summary>
public sealed record EnrollmentResponse(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("phone_number")] string? PhoneNumber,
    [property: JsonPropertyName("enrolled_at")] DateTimeOffset? EnrolledAt,
    [property: JsonPropertyName("last_auth")] DateTimeOffset? LastAuth)
{
    internal static EnrollmentResponse Of(Authenticator a) =>
        new(a.Id, AuthenticatorStore.StatusName(a.Status), a.Name, Masking.PhoneNumber(a.PhoneNumber), a.EnrolledAt, a.LastAuthAt);
}

public sealed record UserEnrollmentResponse(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("phone_number")] string? PhoneNumber,
    [property: JsonPropertyName("auth_method")] string? AuthMethod,
    [property: JsonPropertyName("enrolled_at")] DateTimeOffset? EnrolledAt,
    [property: JsonPropertyName("last_auth")] DateTimeOffset? LastAuth)
{
    internal static UserEnrollmentResponse Of(Authenticator a) =>
        new(
            a.Id, AuthenticatorStore.StatusName(a.Status), a.Factor, a.Name, Masking.PhoneNumber(a.PhoneNumber),
            PublishedMethod(a.Factor), a.EnrolledAt, a.LastAuthAt);

    /// <summary>The published list has no word for an address, nor for Duo.</summary>
    private static string? PublishedMethod(string factor) => factor switch
    {
        FactorNames.Otp => "authenticator",
        FactorNames.Push => "guardian",
        FactorNames.Sms or FactorNames.WebAuthnPlatform or FactorNames.WebAuthnRoaming => factor,
        _ => null,
    };
}
