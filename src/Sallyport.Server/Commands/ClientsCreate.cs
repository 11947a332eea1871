using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sallyport.Server.Clients;
using Sallyport.Server.Http;

namespace Sallyport.Server.Commands;

/// <summary>The command <c>clients create</c>: creates a client for the Management API, such as the first one, and prints its secret once.</summary>
/// <param name="Scopes">Empty for every scope.</param>
internal sealed record ClientsCreate(string ClientName, IReadOnlyList<string> Scopes) : ICommand
{
    private const int MaxNameLength = 255;

    public string Name => "clients create";

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        Check();
        IReadOnlyList<string> scopes = Scopes.Count == 0 ? ManagementScopes.All : [.. Scopes.Distinct()];
        var call = CommandContext.CallOf(this);
        var client = await context.Get<ManageClients>().CreateAsync(
            new CreateClientRequest { Name = ClientName, AppType = "non_interactive" }, call, cancellationToken)
            ?? throw new CommandException("the name is too long");
        var grant = new CreateClientGrantRequest
        {
            ClientId = client.ClientId,
            Audience = context.Options.ManagementAudience,
            Scope = [.. scopes],
        };
        var (outcome, _) = await context.Get<ManageClientGrants>().CreateAsync(grant, call, cancellationToken);
        if (outcome != CreateClientGrantOutcome.Created)
        {
            throw new CommandException($"the client {client.ClientId} was created without a grant: {outcome}; delete it and run the command again");
        }

        context.Output.Line("A client for the Management API. Its secret is shown only now:");
        context.Output.Line($"  client_id      {client.ClientId}");
        context.Output.Line($"  client_secret  {client.ClientSecret}");
        context.Output.Line($"  audience       {grant.Audience}");
        context.Output.Line($"  scope          {(Scopes.Count == 0 ? "every scope" : string.Join(' ', scopes))}");
        context.Output.Json(new JsonObject
        {
            ["client_id"] = client.ClientId,
            ["client_secret"] = client.ClientSecret,
            ["audience"] = grant.Audience,
            ["scope"] = CommandJson.Array(scopes),
        });
        return 0;
    }

    private void Check()
    {
        if (ClientName.Length is 0 or > MaxNameLength || !Regex.IsMatch(ClientName, CreateClientRequest.NamePattern))
        {
            throw new CommandException($"the name is not 1 to {MaxNameLength} characters without < and >");
        }

        if (Scopes.FirstOrDefault(scope => !ManagementScopes.All.Contains(scope)) is { } unknown)
        {
            throw new CommandException($"{unknown} is not a scope of the Management API; docs/management-api.md lists them");
        }
    }
}
