using System.Text.Json.Nodes;
using Sallyport.Server.Factors;

namespace Sallyport.Server.Commands;

/// <summary>The command <c>users reset</c>: removes all second factors of a user and ends their open tickets.</summary>
/// <param name="User">An id or an email address.</param>
/// <param name="IsConfirmed">Does not ask.</param>
internal sealed record UsersReset(string User, bool IsConfirmed) : ICommand
{
    public string Name => "users reset";

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var user = await context.FindUserAsync(this, User, cancellationToken);
        var call = CommandContext.CallOf(this);
        var before = await context.Get<FactorQueries>().ListEnrollmentsAsync(call.Tenant, user.UserId, cancellationToken) ?? [];
        Confirm(context.Output, $"Remove all second factors of {user.UserId} ({user.Email ?? "no email"}), {before.Count} enrollments?");
        var removal = Removal.Reset(user.UserId, context.Get<FactorCatalog>());
        if (await context.Get<RemoveAuthenticators>().RunAsync(call, removal, cancellationToken) == RemoveOutcome.UserNotFound)
        {
            throw new CommandException($"the user {user.UserId} does not exist");
        }

        context.Output.Line($"Removed the second factors of {user.UserId}; ticket create invites the user to enroll again.");
        context.Output.Json(new JsonObject
        {
            ["user_id"] = user.UserId,
            ["removed"] = CommandJson.Array(before.Select(enrollment => enrollment.Id)),
        });
        return 0;
    }

    private void Confirm(CommandOutput output, string question)
    {
        if (IsConfirmed)
        {
            return;
        }

        if (!output.IsTerminal || output.IsJson)
        {
            throw new CommandException("this removes all second factors of the user; confirm it with --yes");
        }

        if (!output.Confirm(question))
        {
            throw new CommandException("nothing was removed");
        }
    }
}
