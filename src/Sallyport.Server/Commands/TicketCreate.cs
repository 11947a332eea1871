using System.Text.Json.Nodes;
using Sallyport.Server.Tickets;

namespace Sallyport.Server.Commands;

/// <summary>The command <c>ticket create</c>: creates an enrollment ticket and prints its link.</summary>
/// <param name="User">An id or an email address.</param>
internal sealed record TicketCreate(string User) : ICommand
{
    public string Name => "ticket create";

    /// <summary>The only factor that may be enrolled; null for any.</summary>
    public string? Factor { get; init; }

    public bool SendsMail { get; init; }

    public bool AllowsMultiple { get; init; }

    /// <summary>Null for the default lifetime.</summary>
    public TimeSpan? Lifetime { get; init; }

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var user = await context.FindUserAsync(this, User, cancellationToken);
        var request = new CreateTicketRequest
        {
            UserId = user.UserId,
            Factor = Factor,
            SendMail = SendsMail,
            AllowMultipleEnrollments = AllowsMultiple,
        };
        var (outcome, created) = await context.Get<CreateTicket>().RunAsync(
            CommandContext.CallOf(this), request, Lifetime ?? Ticket.Lifetime, cancellationToken);
        var ticket = outcome switch
        {
            CreateTicketOutcome.Created => created!,
            CreateTicketOutcome.UserNotFound => throw new CommandException($"the user {user.UserId} does not exist"),
            CreateTicketOutcome.NoAddress => throw new CommandException($"the user {user.UserId} has no email address; leave out --send-mail"),
            CreateTicketOutcome.FactorNotAllowed => throw new CommandException($"a ticket cannot be limited to the factor {Factor}"),
            CreateTicketOutcome.FactorOff => throw new CommandException($"the factor {Factor} is switched off; switch it on first"),
        };
        var expiresAt = ticket.Ticket.Times.ExpiresAt;
        context.Output.Line(ticket.Url);
        context.Output.Line($"Expires at {Printed.Time(expiresAt)}{(SendsMail ? $"; the link is sent to {user.Email}" : "")}.");
        context.Output.Json(new JsonObject
        {
            ["user_id"] = user.UserId,
            ["ticket_id"] = ticket.Id.Value,
            ["ticket_url"] = ticket.Url,
            ["expires_at"] = Printed.Instant(expiresAt),
        });
        return 0;
    }
}
