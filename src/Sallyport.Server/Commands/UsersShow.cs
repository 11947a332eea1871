using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Factors;
using Sallyport.Server.Tickets;
using Sallyport.Server.Users;

namespace Sallyport.Server.Commands;

/// <summary>The command <c>users show</c>: a user with their enrollments and open tickets.</summary>
/// <param name="User">An id or an email address.</param>
internal sealed record UsersShow(string User) : ICommand
{
    public string Name => "users show";

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var user = await context.FindUserAsync(this, User, cancellationToken);
        var tenant = CommandContext.CallOf(this).Tenant;
        var catalog = context.Get<FactorCatalog>();
        IReadOnlyList<UserEnrollmentResponse> enrollments =
        [
            .. (await context.Get<FactorQueries>().ListEnrollmentsAsync(tenant, user.UserId, cancellationToken) ?? [])
                .Select(enrollment => UserEnrollmentResponse.Of(enrollment, catalog.Stored(enrollment))),
        ];
        IReadOnlyList<OpenTicketResponse> tickets =
            [.. (await context.Get<TicketQueries>().ListOpenAsync(tenant, user.UserId, cancellationToken) ?? []).Select(OpenTicketResponse.Of)];
        var isLockedOut = (await context.Get<UserQueries>().FindLockoutAsync(tenant, user.UserId, cancellationToken))?.IsLockedOut == true;
        PrintText(context.Output, user, isLockedOut);
        PrintText(context.Output, enrollments, tickets);
        context.Output.Json(new JsonObject
        {
            ["user"] = JsonSerializer.SerializeToNode(user, UserJson.Default.User),
            ["is_locked_out"] = isLockedOut,
            ["enrollments"] = JsonSerializer.SerializeToNode(enrollments, FactorJson.Default.IReadOnlyListUserEnrollmentResponse),
            ["tickets"] = JsonSerializer.SerializeToNode(tickets, TicketJson.Default.IReadOnlyListOpenTicketResponse),
        });
        return 0;
    }

    private static void PrintText(CommandOutput output, User user, bool isLockedOut)
    {
        output.Line(user.UserId);
        foreach (var (name, value) in new (string, string?)[]
        {
            ("email", user.Email), ("user name", user.Username), ("phone", user.PhoneNumber), ("name", user.Name),
            ("connection", user.Identities[0].Connection), ("created", Printed.Time(user.CreatedAt)), ("last sign-in", Printed.Time(user.LastLogin)),
            ("blocked", user.Blocked == true ? "yes" : null), ("locked out", isLockedOut ? "yes, by wrong codes" : null),
        })
        {
            if (!string.IsNullOrEmpty(value))
            {
                output.Line($"  {name,-13}{value}");
            }
        }
    }

    private static void PrintText(CommandOutput output, IReadOnlyList<UserEnrollmentResponse> enrollments, IReadOnlyList<OpenTicketResponse> tickets)
    {
        if (enrollments.Count == 0)
        {
            output.Line("Not enrolled.");
        }
        else
        {
            output.Table(
                ["ENROLLMENT", "FACTOR", "NAME", "PHONE", "ENROLLED", "LAST USED"],
                enrollments.Select(e => new[] { e.Id, e.Type, e.Name, e.PhoneNumber, Printed.Time(e.EnrolledAt), Printed.Time(e.LastAuth) }));
        }

        if (tickets.Count > 0)
        {
            output.Table(
                ["OPEN TICKET OF", "EXPIRES", "FACTOR"],
                tickets.Select(ticket => new[] { Printed.Time(ticket.CreatedAt), Printed.Time(ticket.ExpiresAt), ticket.Factor ?? "any" }));
        }
    }
}
