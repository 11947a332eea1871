using Sallyport.Server.Http.Payloads;
using Microsoft.AspNetCore.Http.HttpResults;
using Sallyport.Server.Audit;
using Sallyport.Server.Http;

namespace Sallyport.Server.Tickets;

internal static class TicketEndpoints
{
    public static void MapTickets(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/guardian/enrollments/ticket").WithTags("Tickets");
        group.MapPost("", CreateAsync).RequireScope(ManagementScopes.CreateTickets).WithName("CreateTicket")
            .Produces<ApiErrorBody>(404);
    }

    /// <summary>200, not 201: so the published API answers, and its clients compare.</summary>
    private static async Task<Results<Ok<TicketResponse>, ApiError>> CreateAsync(
        Body<CreateTicketRequest> body, HttpContext context, CreateTicket create, CancellationToken cancellationToken)
    {
        if (body.Value.Factor == TicketFactors.Email)
        {
            return ApiError.Payload("An e-mail address cannot be enrolled with a ticket", "factor");
        }

        var (outcome, ticket) = await create.RunAsync(
            body.Value, ApiOperation.Succeeded(context, 200, body.Value.UserId, body.Raw), cancellationToken);
        return outcome switch
        {
            CreateTicketOutcome.Created => TypedResults.Ok(ticket),
            CreateTicketOutcome.UserNotFound => ApiError.NotFound("User not found.", ErrorCodes.InexistentUser),
            CreateTicketOutcome.NoAddress => ApiError.Payload("Missing required property: email, since the user has no address"),
        };
    }
}
