using FitTrack.Core.Data;
using FitTrack.Core.Privacy;

namespace FitTrack.Core.Coach;

internal sealed class CoachPersonalData(FitTrackDbContext db) : IPersonalData
{
    public IEnumerable<PersonalTable> Tables(Guid userId)
    {
        var conversations = db.Set<CoachConversation>().Where(c => c.UserId == userId);
        return
        [
            new PersonalTable<CoachConversation>("coach-conversations", conversations),
            new PersonalTable<CoachMessage>("coach-messages", db.Set<CoachMessage>().Where(m => conversations.Any(c => c.Id == m.ConversationId))),
            new PersonalTable<RecommendedPlan>("coach-plans", db.Set<RecommendedPlan>().Where(p => p.UserId == userId)),
            new PersonalTable<CoachAnswer>("coach-answers", db.Set<CoachAnswer>().Where(a => a.UserId == userId)),
        ];
    }
}
