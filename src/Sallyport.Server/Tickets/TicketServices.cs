using Sallyport.Server.Transactions;

namespace Sallyport.Server.Tickets;

internal static class TicketServices
{
    public static void AddTickets(this IServiceCollection services)
    {
        services.AddSingleton<ITransactionOrigin, TicketOrigin>();
        services.AddSingleton<TicketFactory>();
        services.AddSingleton<TicketMail>();
        services.AddSingleton<CreateTicket>();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, TicketJson.Default));
    }
}
