using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;
using Sallyport.Server.Http.OpenApi;
using Sallyport.Server.Http.Payloads;

namespace Sallyport.Server.Tickets;

internal static class TicketEndpoints
{
    private static readonly ApiError UserNotFound = ApiError.NotFound("User not found.", ErrorCodes.InexistentUser);

    public static void MapTickets(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/guardian/enrollments").WithTags("Tickets");
        group.MapPost("/ticket", CreateAsync).RequireScope(ManagementScopes.CreateTickets).WithName("CreateTicket")
            .Produces<ApiErrorBody>(404);
        group.MapGet("/tickets", ListAsync).RequireScope(ManagementScopes.ReadTickets).WithName("ListTickets")
            .Produces<ApiErrorBody>(404);
        group.MapDelete("/tickets", WithdrawAsync).RequireScope(ManagementScopes.DeleteTickets).WithName("WithdrawTickets")
            .Produces<ApiErrorBody>(404);
    }

    /// <summary>200, not 201: the published API answers so, and its clients compare.</summary>
    private static async Task<Results<Ok<TicketResponse>, ApiError>> CreateAsync(
        Body<CreateTicketRequest> body, CallContext call, CreateTicket create, CancellationToken cancellationToken)
    {
        if (AdministratorUsers.Contains(body.Value.UserId))
        {
            return UserNotFound;
        }

        var (outcome, ticket) = await create.RunAsync(call, body.Value, cancellationToken);
        return outcome switch
        {
            CreateTicketOutcome.Created => TypedResults.Ok(new TicketResponse(ticket!.Id.Value, ticket.Url)),
            CreateTicketOutcome.UserNotFound => UserNotFound,
            CreateTicketOutcome.NoAddress => ApiError.Payload("Missing required property: email, since the user has no address"),
            CreateTicketOutcome.FactorNotAllowed => ApiError.Payload("This factor cannot be enrolled with a ticket", "factor"),
            CreateTicketOutcome.FactorOff => ApiError.Payload("This factor is switched off; switch it on before inviting users to enroll it", "factor"),
        };
    }

    private static async Task<Results<Ok<IReadOnlyList<OpenTicketResponse>>, ApiError>> ListAsync(
        UserIdQuery userId, CallContext call, TicketQueries queries, CancellationToken cancellationToken)
    {
        var tickets = await queries.ListOpenAsync(call.Tenant, userId.Value, cancellationToken);
        return tickets is null
            ? UserNotFound
            : TypedResults.Ok<IReadOnlyList<OpenTicketResponse>>([.. tickets.Select(OpenTicketResponse.Of)]);
    }

    private static async Task<Results<NoContent, ApiError>> WithdrawAsync(
        UserIdQuery userId, CallContext call, WithdrawTickets withdraw, CancellationToken cancellationToken) =>
        await withdraw.RunAsync(call, userId.Value, cancellationToken) ? TypedResults.NoContent() : UserNotFound;
}

/// <summary>An open ticket as an administrator sees it. The id is left out, because it is a secret of the holder.</summary>
public sealed record OpenTicketResponse(
    [property: JsonPropertyName("created_at")] DateTimeOffset CreatedAt,
    [property: JsonPropertyName("expires_at")] DateTimeOffset ExpiresAt,
    [property: JsonPropertyName("factor")] string? Factor,
    [property: JsonPropertyName("allow_multiple_enrollments")] bool AllowMultipleEnrollments)
{
    internal static OpenTicketResponse Of(Ticket ticket) =>
        new(ticket.CreatedAt, ticket.Times.ExpiresAt, ticket.Factor, ticket.AllowMultipleEnrollments);
}

/// <summary>The required query parameter <c>user_id</c>.</summary>
internal readonly record struct UserIdQuery(string Value) : IEndpointParameterMetadataProvider
{
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new QueryParameter("user_id", JsonSchemaType.String, IsRequired: true));

    /// <exception cref="ApiException">400 if it is missing or empty.</exception>
    public static ValueTask<UserIdQuery> BindAsync(HttpContext context, ParameterInfo _) =>
        QueryValues.Text(context.Request.Query, "user_id") is { Length: > 0 } userId
            ? AdministratorUsers.Contains(userId)
                ? throw new ApiException(ApiError.NotFound("User not found.", ErrorCodes.InexistentUser))
                : ValueTask.FromResult(new UserIdQuery(userId))
            : throw new ApiException(ApiError.Query("Missing required property: user_id", "user_id"));
}
