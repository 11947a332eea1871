using System.Text.Json;
using System.Text.Json.Nodes;
using Sallyport.Server.Http;
using Sallyport.Server.Http.Paging;
using Sallyport.Server.Search;
using Sallyport.Server.Users;
using Sallyport.Server.Users.Search;

namespace Sallyport.Server.Commands;

/// <summary>The command <c>users search</c>.</summary>
/// <param name="Query">In the language of the user search.</param>
internal sealed record UsersSearch(string Query) : ICommand
{
    private const int PageSize = 50;

    public string Name => "users search";

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var page = await SearchAsync(context, cancellationToken)
            ?? throw new CommandException("the search took too long; ask for fewer users, or without a wildcard at the beginning");
        context.Output.Table(
            ["ID", "EMAIL", "NAME", "ENROLLED", "BLOCKED"],
            page.Users.Select(user => new[] { user.UserId, user.Email, user.Name, user.Multifactor is null ? "no" : "yes", user.Blocked == true ? "yes" : "no" }));
        context.Output.Line(page.Total > page.Users.Count ? $"{page.Users.Count} of {page.Total} users; narrow the query to see the others" : page.Users.Count == 1 ? "1 user" : $"{page.Users.Count} users");
        context.Output.Json(new JsonObject
        {
            ["total"] = page.Total,
            ["users"] = new JsonArray([.. page.Users.Select(user => JsonSerializer.SerializeToNode(user, UserJson.Default.User))]),
        });
        return 0;
    }

    private async ValueTask<UserPage?> SearchAsync(CommandContext context, CancellationToken cancellationToken)
    {
        try
        {
            var listing = new UserListing(new Page(0, PageSize, IncludeTotals: true), Connection: null, SearchText.Parse(Query), Order: null);
            return await context.Get<UserQueries>().SearchAsync(CommandContext.CallOf(this).Tenant, listing, cancellationToken);
        }
        catch (Exception exception) when (exception is SearchException or ApiException)
        {
            throw new CommandException(exception.Message);
        }
    }
}
