using System.Data.Common;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;
using Sallyport.Server.Http.OpenApi;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Http.Paging;

/// <summary>A request to a list endpoint: the part of the list and a filter of the resource.</summary>
internal sealed record Listing<TFilter>(ListWindow Window, TFilter Filter) : IEndpointParameterMetadataProvider
    where TFilter : IListFilter<TFilter>
{
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        ListWindow.PopulateMetadata(parameter, builder);
        foreach (var known in TFilter.Parameters)
        {
            builder.Metadata.Add(known);
        }
    }

    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static ValueTask<Listing<TFilter>> BindAsync(HttpContext context, ParameterInfo _) => ValueTask.FromResult(
        new Listing<TFilter>(ListWindow.Read(context.Request.Query, TFilter.DefaultPageSize), TFilter.Read(context.Request.Query)));
}

/// <summary>The query parameters that select rows of a resource.</summary>
internal interface IListFilter<TSelf>
{
    static abstract IReadOnlyList<QueryParameter> Parameters { get; }

    static virtual int DefaultPageSize => Page.DefaultSize;

    /// <exception cref="ApiException">400 that names the parameter.</exception>
    static abstract TSelf Read(IQueryCollection query);
}

/// <summary>
/// The part of a list that is asked for (docs/management-api.md §E.3): a page, or the rows after a checkpoint. If the query has both, the
/// checkpoint wins. Lists are ordered by id, so that a checkpoint stays valid.
/// </summary>
/// <param name="Take">Null for a page.</param>
/// <param name="From">The id of the last row of the part before.</param>
internal sealed record ListWindow(Page Page, int? Take, string? From)
{
    private const int MaxTake = 100;
    private const int DefaultTake = 50;

    /// <summary>One row more than is shown, for a checkpoint, to know whether there are more.</summary>
    public long Limit => Take + 1 ?? Page.Size;

    public long Start => Take is null ? Page.Start : 0;

    /// <summary>Every id is greater than an empty text.</summary>
    public string After => Take is null ? "" : From ?? "";

    public bool WantsTotal => Take is null && Page.IncludeTotals;

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        Page.PopulateMetadata(parameter, builder);
        builder.Metadata.Add(new QueryParameter("from", JsonSchemaType.String));
        builder.Metadata.Add(new QueryParameter("take", JsonSchemaType.Integer));
    }

    /// <exception cref="ApiException">400 that names the parameter.</exception>
    public static ListWindow Read(IQueryCollection query, int defaultPageSize)
    {
        var from = QueryValues.Text(query, "from");
        var isCheckpoint = from is not null || query["take"].ToString().Length > 0;
        int? take = isCheckpoint ? QueryValues.Int(query, "take", DefaultTake, MaxTake) : null;
        return take == 0
            ? throw new ApiException(ApiError.Query("Value must not be less than 1", "take"))
            : new ListWindow(Page.Read(query, defaultPageSize), take, from);
    }

    /// <param name="rows">At most <see cref="Limit"/> rows.</param>
    public ListPart<T> Cut<T>(IReadOnlyList<T> rows, long total, Func<T, string> id)
    {
        if (Take is not { } take)
        {
            return new ListPart<T>(rows, Page.IncludeTotals) { Start = Page.Start, Limit = Page.Size, Total = total };
        }

        var shown = rows.Take(take).ToList();
        return new ListPart<T>(shown, IsPage: true) { Next = rows.Count > take ? id(shown[^1]) : null };
    }
}

/// <summary>The part of a list that is shown. Values that its shape does not have are null.</summary>
/// <param name="IsPage">The answer is an object that holds the array.</param>
internal sealed record ListPart<T>(IReadOnlyList<T> Items, bool IsPage)
{
    public int? Start { get; init; }

    public int? Limit { get; init; }

    public long? Total { get; init; }

    public string? Next { get; init; }

    public ListPart<TShown> Show<TShown>(Func<T, TShown> show) =>
        new([.. Items.Select(show)], IsPage) { Start = Start, Limit = Limit, Total = Total, Next = Next };
}

/// <summary>A table that is listed in the order of its ids, one <see cref="ListWindow"/> at a time.</summary>
/// <param name="Columns">The columns that <paramref name="Read"/> reads, in this order.</param>
/// <param name="Id">The column that, together with the tenant, identifies a row.</param>
/// <param name="Filter">An SQL condition. The values of its parameters come with each reading.</param>
internal sealed record ListedTable<T>(string Name, string Columns, string Id, string Filter, Func<DbDataReader, T> Read)
{
    private readonly string rows =
        $"SELECT {Columns} FROM {Name} WHERE {Filter} AND {Id} > @after ORDER BY {Id} LIMIT @limit OFFSET @start";

    private readonly string count = $"SELECT count(*) FROM {Name} WHERE {Filter}";

    /// <param name="id">Returns the id of a row.</param>
    public async ValueTask<ListPart<T>> ListAsync(
        Session session, ListWindow window, (string Name, SqlValue Value)[] filters, Func<T, string> id, CancellationToken cancellationToken)
    {
        var shown = await session.QueryAsync(
            new Statement(rows, [.. filters, ("after", window.After), ("limit", window.Limit), ("start", window.Start)]), Read, cancellationToken);
        var total = window.WantsTotal
            ? (await session.QueryAsync(new Statement(count, filters), row => row.GetInt64(0), cancellationToken))[0]
            : 0;
        return window.Cut(shown, total, id);
    }
}

/// <summary>A list in the shape that the query asked for: an array, or a page that holds one. The field selection applies to the items.</summary>
/// <param name="page">Null for an array.</param>
internal sealed class ListAnswer<TItem, TPage>(IReadOnlyList<TItem> items, TPage? page, FieldSelection fields)
    : IResult, IEndpointMetadataProvider
    where TPage : class
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(200, typeof(IReadOnlyList<TItem>), ["application/json"]));
        builder.Metadata.Add(new AlternativeAnswer(typeof(TPage)));
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var options = httpContext.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var (value, contract) = page is null
            ? ((object)items, options.GetTypeInfo(typeof(IReadOnlyList<TItem>)))
            : (page, options.GetTypeInfo(typeof(TPage)));
        if (fields.Names is null)
        {
            return httpContext.Response.WriteAsJsonAsync(value, contract);
        }

        var node = JsonSerializer.SerializeToNode(value, contract)!;
        var list = node as JsonArray ?? node.AsObject().Select(member => member.Value).OfType<JsonArray>().Single();
        foreach (var item in list.OfType<JsonObject>())
        {
            fields.Apply(item);
        }

        return httpContext.Response.WriteAsJsonAsync(node);
    }
}

internal static class ListAnswer
{
    public static ListAnswer<TItem, TPage> Of<TItem, TPage>(ListPart<TItem> part, Func<ListPart<TItem>, TPage> page, FieldSelection fields)
        where TPage : class =>
        new(part.Items, part.IsPage ? page(part) : null, fields);
}
