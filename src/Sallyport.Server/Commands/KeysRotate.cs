using System.Text.Json.Nodes;
using Sallyport.Server.Clients;
using Sallyport.Server.Security;

namespace Sallyport.Server.Commands;

/// <summary>The command <c>keys rotate</c>: the next signing key becomes the current one.</summary>
internal sealed record KeysRotate : ICommand
{
    public string Name => "keys rotate";

    public async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var keys = context.Get<SigningKeys>();
        var current = await keys.RotateAsync(CommandContext.CallOf(this), cancellationToken);
        var all = keys.List();
        var next = all.First(key => key.Next);
        IReadOnlyList<string> previous = [.. all.Where(key => key is { Previous: true, Revoked: false }).Select(key => key.KeyId)];
        context.Output.Line($"{current.KeyId} signs new tokens; running servers learn it within {KeyRing.RefreshInterval.TotalSeconds:F0} seconds.");
        context.Output.Line($"{next.KeyId} is published as the next key.");
        context.Output.Line($"Still accepted until they are revoked: {string.Join(", ", previous)}");
        context.Output.Json(new JsonObject
        {
            ["current"] = current.KeyId,
            ["next"] = next.KeyId,
            ["previous"] = CommandJson.Array(previous),
        });
        return 0;
    }
}
