extension Lexicon {
    /// Every phrase by what it is about: lower case, without apostrophes, alternatives split by
    /// `|`.
    static let table: [(Concept, String)] = answers + manners + orders + complaints + others

    /// Yes, no, and that it is over.
    private static let answers: [(Concept, String)] = [
        (
            .yes,
            """
            yes|yep|yeah|yup|yea|yess|aye|y|sure|sure thing|ok|okay|okey|affirmative|absolutely|\
            definitely|certainly|of course|go ahead|go for it|do it|do so|do that|please do|\
            confirm|i confirm|confirmed|correct|thats correct|that is correct|thats right|\
            that is right|right|exactly|agreed|i agree|sounds good|looks good|all good|\
            looks right|looks correct|fine|alright|all right|proceed|yes please|by all means|\
            make it so|i do|i would|i am|im sure|i am sure
            """
        ),
        (
            .no,
            """
            no|nope|nah|n|no way|not now|dont|do not|dont do it|do not do it|dont do that|\
            no thanks|no thank you|negative|rather not|id rather not|i would rather not|\
            not really|not yet|not anymore|wrong|incorrect|thats wrong|that is wrong|keep it|\
            i dont want to|i do not want to|i would not|i wouldnt|please dont|please do not
            """
        ),
        (
            .stop,
            """
            never mind|nevermind|nvm|forget it|forget that|forget about it|forget this|\
            i changed my mind|ive changed my mind|changed my mind|scrap that|scratch that|\
            i no longer want to|lets not|never mind that|no longer needed
            """
        ),
        (
            .leave,
            """
            stop|abort|quit|exit|nothing|nothing thanks|leave it|drop it|drop that|skip it|\
            skip this|let it be|start over|stop it|stop that|stop this|leave that|no more|\
            thats not needed
            """
        ),
        (
            .unsure,
            """
            dont know|do not know|dont have|do not have|dont remember|do not remember|\
            cant remember|cannot remember|cant find|cannot find|lost|forgot|i forgot|not sure|\
            no idea|i dont know|i do not know|i dont have|i do not have|dunno|i dont remember|\
            i do not remember|i cant find|i cannot find|i lost|im not sure|i am not sure|\
            i have no idea|by name|search by name|i have lost|ive lost|i lost my
            """
        ),
    ]

    /// How sentences begin, and politeness.
    private static let manners: [(Concept, String)] = [
        (
            .opener,
            """
            can you|could you|would you|will you|can you please|could you please|\
            would you please|can i|could i|may i|can we|i want|i want to|i want you to|i wanna|\
            wanna|i need|i need to|i need you to|id like|id like to|id like you to|i would like|\
            i would like to|i would like you to|id love to|i have to|i wish to|i am trying to|\
            im trying to|i tried to|im looking to|i am looking to|lets|let me|lemme|actually|\
            instead|then|also|and|but|so|well|um|uh|hmm|hm|oh|ah|wait|hold on|sorry|excuse me|\
            pardon|please|pls|plz|kindly|now|just|next|first|by the way|btw|\
            i was wondering if you could|i wonder if you could|is it possible to|\
            would it be possible to|how do i|how can i|i am hoping to|im hoping to|\
            do you think you could|id want to|i would want to|maybe|perhaps|we want to|\
            we need to|go ahead and|in that case|i still want to|i also want to
            """
        ),
        (
            .filler,
            """
            the|a|an|my|your|our|i|im|ive|me|you|we|is|its|it is|are|am|be|was|to|for|of|in|on|\
            at|with|this is|that is|thats|here is|heres|here|there|too|again|today|there you go|\
            sir|madam|maam|dear|friend|want|like|need|have|has|got|would|could|can|do|does|did|\
            about|regarding|concerning|from|by|so|or|very|much|really|up|out|as|any|some|all|\
            number|no|nr|id|both|hereby|in order to|one more time|u|ur|r
            """
        ),
        (
            .question,
            """
            what|whats|what is|what are|what were|which|who|whos|whose|when|why|how|hows|how is|\
            how are|is|are|was|were|has|have|had|did|does|do|will|would|can|could|should|may|any
            """
        ),
        (
            .greeting,
            """
            hi|hello|hey|hiya|heya|howdy|greetings|good morning|good afternoon|good evening|\
            good day|yo|hi there|hello there|hey there|morning|evening|helo|hallo
            """
        ),
        (
            .thanks,
            """
            thanks|thank you|thank u|thx|ty|cheers|many thanks|thanks a lot|thank you so much|\
            thank you very much|tysm|much appreciated|appreciate it|i appreciate it|\
            thanks so much|thanks very much|thanks for your help|thank you for your help|\
            thanks for the help|thanks again
            """
        ),
        (
            .goodbye,
            """
            bye|goodbye|good bye|bye bye|see you|see ya|cya|later|farewell|have a nice day|\
            have a good day|have a great day|good night|thats all|that is all|thats it|\
            that will be all|thatll be all|nothing else|im done|i am done|take care
            """
        ),
        (
            .praise,
            """
            great|cool|awesome|perfect|nice|excellent|wonderful|brilliant|amazing|good|got it|\
            understood|i see|makes sense|fantastic|lovely|super|good job|well done|good to know|\
            noted|that helps|great news|good news
            """
        ),
        (
            .smallTalk,
            """
            how are you|how are you doing|hows it going|how is it going|whats up|sup|\
            how do you do|who are you|what are you|are you a bot|are you a robot|are you human|\
            are you a human|are you a person|are you real|are you an ai|are you a real person|\
            whats your name|what is your name|am i talking to a bot|are you there|\
            is anyone there|is anybody there|anyone there|is this a bot|are you chatgpt
            """
        ),
        (
            .help,
            """
            help|what can you do|what can you do for me|how does this work|how does it work|\
            what do you do|commands|menu|what can i do|what can i ask|what can i ask you|\
            how can you help|how can you help me|what are my options|options|assist|assistance|\
            support|capabilities|what are you able to do|issue|issues|question|questions
            """
        ),
        (
            .person,
            """
            person|human|human being|agent|live agent|human agent|real person|real human|\
            actual person|actual human|representative|rep|operator|supervisor|manager|someone|\
            somebody|staff|employee|advisor|adviser|real agent|customer service|customer support|\
            support team|service team|support agent|your boss|people|live person|someone real|\
            somebody real|live chat|human support|colleague
            """
        ),
        (
            .talk,
            """
            talk to|talk with|speak to|speak with|chat with|chat to|connect me|connect me to|\
            connect me with|transfer me|transfer me to|put me through|put me through to|reach|\
            contact|call|phone|call me|escalate|talk|speak|get me|give me|let me talk to|\
            let me speak to|hand me over|switch me to|talking to|speaking to|speaking with|\
            forward me to
            """
        ),
    ]
}
