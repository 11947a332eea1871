using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;

namespace Sallyport.Server.Factors;

/// <summary>Authenticators as the Management API shows them: "enrollments".</summary>
internal static class EnrollmentEndpoints
{
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
        UserIdPath userId, CallContext call, FactorQueries queries, FactorCatalog catalog, CancellationToken cancellationToken)
    {
        var enrollments = await queries.ListEnrollmentsAsync(call.Tenant, userId.Value, cancellationToken);
        return enrollments is null
            ? ApiError.NotFound("The user does not exist.", ErrorCodes.InexistentUser)
            : TypedResults.Ok<IReadOnlyList<UserEnrollmentResponse>>(
                [.. enrollments.Select(enrollment => UserEnrollmentResponse.Of(enrollment, catalog.Stored(enrollment)))]);
    }

    private static async Task<Results<Ok<EnrollmentResponse>, ApiError>> GetAsync(
        string id, CallContext call, FactorQueries queries, FactorCatalog catalog, CancellationToken cancellationToken)
    {
        var enrollment = await queries.FindEnrollmentAsync(call.Tenant, id, cancellationToken);
        return enrollment is null ? NotFound : TypedResults.Ok(EnrollmentResponse.Of(enrollment, catalog.Stored(enrollment)));
    }

    private static async Task<Results<NoContent, ApiError>> DeleteAsync(
        string id, CallContext call, DeleteEnrollment delete, CancellationToken cancellationToken) =>
        await delete.RunAsync(call, id, cancellationToken) ? TypedResults.NoContent() : NotFound;
}

/// <summary>Values that are not known are left out.</summary>
public sealed record EnrollmentResponse(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("status")] string Status,
    [property: JsonPropertyName("name")] string? Name,
    [property: JsonPropertyName("phone_number")] string? PhoneNumber,
    [property: JsonPropertyName("enrolled_at")] DateTimeOffset? EnrolledAt,
    [property: JsonPropertyName("last_auth")] DateTimeOffset? LastAuth)
{
    internal static EnrollmentResponse Of(Authenticator a, IStoredFactor factor) =>
        new(a.Id, AuthenticatorStore.StatusName(a.Status), a.Name, Masking.PhoneNumber(factor.Describe(a).PhoneNumber), a.EnrolledAt, a.LastAuthAt);
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
    /// <summary>Ours: whether push messages can be sent to the device, and the user has not had them halted. Only for phones.</summary>
    [JsonPropertyName("push_notifications")]
    public PushNotificationsState? PushNotifications { get; init; }

    internal static UserEnrollmentResponse Of(Authenticator a, IStoredFactor factor) =>
        new(
            a.Id, AuthenticatorStore.StatusName(a.Status), a.Factor, a.Name, Masking.PhoneNumber(factor.Describe(a).PhoneNumber),
            factor.Traits.EnrollmentMethod, a.EnrolledAt, a.LastAuthAt)
        {
            PushNotifications = factor is IDeviceFactor ? new PushNotificationsState(factor.CanAnswer(a) && a.HaltedAt is null) : null,
        };
}

public sealed record PushNotificationsState([property: JsonPropertyName("enabled")] bool Enabled);
