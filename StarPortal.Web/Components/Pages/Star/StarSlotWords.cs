using StarPortal.Core.Star;

namespace StarPortal.Web.Components.Pages.Star;

/// <summary>What a certificate of an order is at an instant: the class of its bar, and the word for it.</summary>
internal static class StarSlotWords
{
    public static (string Class, string Chip, string Text) Of(StarSlotRow slot, StarOrderDetails details)
    {
        var (order, now) = (details.Order, details.ReadAt);
        if (slot.Index >= order.NextSlot) return slot.PublishAt <= now ? ("overdue", "bad", "Overdue") : ("coming", "off", "To come");
        if (slot.NotAfter <= now) return ("ended", "off", "Ended");
        if (slot.Index < order.NextSlot - 1 || order.Status is StarOrderStatus.Canceled) return ("valid", "info", "Still valid");
        return slot.NotBefore > now ? ("valid", "info", "Ready, not valid yet") : ("published", "good", "Published");
    }
}
